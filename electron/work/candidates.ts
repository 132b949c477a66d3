/** Places that could be labelled next: uncertain pixels inside of patches, or fields without a class. */
import type { PixelField } from '../contract/jobs.ts';
import type { ModelRecord } from '../contract/model.ts';
import type { DeviceChoice, Engine } from '../engine/types.ts';
import type { JobContext } from '../jobs/protocol.ts';
import { temper } from './accuracy/calibration.ts';
import type { BlockReader } from './blockReader.ts';
import { intersect, planBlocks } from './blocks.ts';
import { relativeEntropy } from './classify.ts';
import { type FeatureMaker, openFeatures } from './features.ts';
import { boundsOf, indexFields } from './fieldPixels.ts';
import { argmaxRows } from './heads/head.ts';
import { blockSide } from './labelledPixels.ts';
import type { Novelty } from './novelty.ts';
import type { SceneReader } from './padded.ts';
import { startStage } from './progress.ts';

export interface Candidate {
  readonly col: number;
  readonly row: number;
  readonly field: string | null;
  /** Calibrated probabilities, in the order of the model's classes. */
  readonly p: Float32Array;
  /** Where it lies among features (novelty's axes), or its probabilities without them. */
  readonly place: Float32Array;
  /** Relative entropy, 0…1. */
  readonly uncertainty: number;
}

export interface CandidateParts {
  readonly reader: SceneReader;
  readonly engine: Engine;
  readonly device: DeviceChoice;
  readonly maker: FeatureMaker;
  readonly asking: BlockReader;
  readonly record: ModelRecord;
  readonly novelty: Novelty | null;
  readonly context: Pick<JobContext, 'signal' | 'progress'>;
}

/** Candidates that are kept for the choice, at most. */
const most = 4_000;
/** A pixel whose neighbours so far away are of another class lies on a border: its label would teach little. */
const inside = 3;

interface BlockAnswers {
  readonly window: {
    readonly col: number;
    readonly row: number;
    readonly width: number;
    readonly height: number;
  };
  /** Pixels of a row of the arrays below, which may reach over the scene's border. */
  readonly stride: number;
  readonly valid: Uint8Array;
  readonly p: Float32Array;
  readonly places: Float32Array | null;
}

/** Reads the model's answers block by block, where `wanted` says so. */
async function eachBlock(
  { reader, engine, device, maker, asking, record, context }: CandidateParts,
  wanted: (window: BlockAnswers['window']) => boolean,
  use: (answers: BlockAnswers) => void,
): Promise<void> {
  const { width, height } = reader.info;
  const whole = { col: 0, row: 0, width, height };
  const plan = planBlocks(whole, blockSide);
  const blocks = plan.blocks.filter((block) => wanted(intersect(block, whole)));
  const stage = startStage(context, 'suggest', blocks.length, 'blocks');
  const features = await openFeatures(maker, {
    reader,
    engine,
    device,
    block: plan,
    projection: asking.projection,
  });
  try {
    for (const block of blocks) {
      const { values, valid } = await features.read(block);
      const { p, places } = asking.read(values);
      temper(p, record.classes.length, record.temperature);
      use({ window: intersect(block, whole), stride: block.width, valid, p, places });
      stage.advance(1);
    }
  } finally {
    await features.dispose();
  }
}

function candidateAt(
  { p, places }: BlockAnswers,
  at: number,
  k: number,
  dim: number,
): Pick<Candidate, 'p' | 'place' | 'uncertainty'> {
  const own = p.slice(at * k, (at + 1) * k);
  return {
    p: own,
    place: places ? places.slice(at * dim, (at + 1) * dim) : own,
    uncertainty: relativeEntropy(own, 0, k),
  };
}

/** The most uncertain pixel of every cell of half the distance, off borders and outside of labelled fields. */
export async function pointCandidates(
  parts: CandidateParts,
  labelled: readonly PixelField[],
  distance: number,
): Promise<Candidate[]> {
  const k = parts.record.classes.length;
  const dim = parts.novelty?.dim ?? k;
  const cell = Math.max(4, Math.floor(distance / 2));
  const taken = indexFields(labelled);
  let found: Candidate[] = [];
  await eachBlock(
    parts,
    () => true,
    (answers) => {
      const { window, stride, valid, p } = answers;
      const ids = taken.burn(window);
      const classes = argmaxRows(p, k);
      const best = new Map<number, { at: number; col: number; row: number; uncertainty: number }>();
      for (let y = inside; y < window.height - inside; y++) {
        for (let x = inside; x < window.width - inside; x++) {
          const at = y * stride + x;
          if (!valid[at] || ids[y * window.width + x] || onBorder(classes, valid, at, stride)) continue;
          const uncertainty = relativeEntropy(p, at * k, k);
          const place = Math.floor(y / cell) * 65_536 + Math.floor(x / cell);
          if (uncertainty > (best.get(place)?.uncertainty ?? -1))
            best.set(place, { at, col: window.col + x, row: window.row + y, uncertainty });
        }
      }
      for (const { at, col, row } of best.values())
        found.push({ col, row, field: null, ...candidateAt(answers, at, k, dim) });
      if (found.length > 2 * most) found = mostUncertain(found);
    },
  );
  return mostUncertain(found);
}

function onBorder(classes: Int32Array, valid: Uint8Array, at: number, stride: number): boolean {
  return [at - inside, at + inside, at - inside * stride, at + inside * stride].some(
    (other) => !valid[other] || classes[other] !== classes[at],
  );
}

const mostUncertain = (candidates: readonly Candidate[]) =>
  [...candidates].sort((a, b) => b.uncertainty - a.uncertainty).slice(0, most);

/** Every field without a class, by the means over its pixels. */
export async function fieldCandidates(
  parts: CandidateParts,
  fields: readonly Pick<PixelField, 'id' | 'polygons'>[],
): Promise<Candidate[]> {
  const k = parts.record.classes.length;
  const dim = parts.novelty?.dim ?? k;
  const index = indexFields(fields);
  const sums = fields.map(() => ({ n: 0, p: new Float64Array(k), place: new Float64Array(dim) }));
  await eachBlock(parts, index.touches, (answers) => {
    const { window, stride, valid } = answers;
    index.burn(window).forEach((id, i) => {
      const at = Math.floor(i / window.width) * stride + (i % window.width);
      const sum = sums[id - 1];
      if (!sum || !valid[at]) return;
      const { p, place } = candidateAt(answers, at, k, dim);
      sum.n++;
      for (let c = 0; c < k; c++) sum.p[c] = (sum.p[c] ?? 0) + (p[c] ?? 0);
      for (let c = 0; c < dim; c++) sum.place[c] = (sum.place[c] ?? 0) + (place[c] ?? 0);
    });
  });
  return fields.flatMap(({ id, polygons }, f): Candidate[] => {
    const sum = sums[f];
    const bounds = boundsOf(polygons);
    if (!sum || !bounds || sum.n === 0) return [];
    const p = Float32Array.from(sum.p, (v) => v / sum.n);
    return [
      {
        col: bounds.col + Math.floor(bounds.width / 2),
        row: bounds.row + Math.floor(bounds.height / 2),
        field: id,
        p,
        place: Float32Array.from(sum.place, (v) => v / sum.n),
        uncertainty: relativeEntropy(p, 0, k),
      },
    ];
  });
}
