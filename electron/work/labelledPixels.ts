/** Features at every labelled pixel of a scene: what heads learn from and are asked about. */
import { assert } from '../base/assert.ts';
import { AppError } from '../base/errors.ts';
import { hashSeed } from '../base/prng.ts';
import type { PixelField } from '../contract/jobs.ts';
import type { DeviceChoice, Engine } from '../engine/types.ts';
import type { JobContext } from '../jobs/protocol.ts';
import type { Window } from '../raster/types.ts';
import { type BlockPlan, intersect, planBlocks } from './blocks.ts';
import { type FeatureMaker, featureDim, openFeatures, pooledDim } from './features.ts';
import { type FieldIndex, indexFields } from './fieldPixels.ts';
import { frameOf } from './heads/frame.ts';
import type { FramedPart } from './heads/head.ts';
import { type NeighbourSampler, type Part, sampleNeighbours } from './neighbours.ts';
import type { SceneReader } from './padded.ts';
import { startStage } from './progress.ts';
import type { LabelledField } from './protocol.ts';

/** Pixels of a side of a block: a compromise between the halo's share and memory. */
export const blockSide = 256;
/** Values kept at most (float32: 256 MiB). Beyond it all fields are thinned alike, by position. */
const maxValues = 2 ** 26;

export interface LabelledPixels {
  /** In the order given, with the valid pixels that each has. */
  readonly fields: readonly LabelledField[];
  readonly count: number;
  readonly dim: number;
  /** [count, dim]. */
  readonly features: Float32Array;
  /** Index into `fields` of each pixel. */
  readonly field: Int32Array;
  /** Where each pixel lies in the scene. */
  readonly col: Int32Array;
  readonly row: Int32Array;
  /** Where bands are joined: the frame of each part, measured on all pixels around, labelled or not. */
  readonly parts?: readonly FramedPart[] | undefined;
  /** Share of the labelled pixels that were kept; 1 unless there are too many. */
  readonly kept: number;
}

interface Options {
  readonly reader: SceneReader;
  readonly engine: Engine;
  readonly device: DeviceChoice;
  readonly context: Pick<JobContext, 'signal' | 'progress'>;
}

/** Errors: bad-input when no field covers a pixel of the scene; those of `openFeatures`; cancelled. */
export async function collectLabelledPixels(
  maker: FeatureMaker,
  fields: readonly PixelField[],
  { reader, engine, device, context }: Options,
): Promise<LabelledPixels> {
  const { width, height, path } = reader.info;
  const whole: Window = { col: 0, row: 0, width, height };
  const index = indexFields(fields);
  const plan = planBlocks(whole, blockSide);
  const near = plan.blocks.filter((block) => index.touches(intersect(block, whole)));
  const total = countPixels(index, near, whole);
  if (total === 0) {
    throw new AppError('bad-input', `None of the ${fields.length} fields covers the centre of a pixel`, {
      subject: path,
      remedy: 'Label fields that lie on this scene and are larger than a pixel.',
    });
  }
  const dim = featureDim(maker);
  const kept = Math.min(1, maxValues / (total * dim));
  const gathered = new Gathered(Math.ceil(total * kept * 1.05) + 1024, dim, fields.length);
  const area = near.reduce((sum, block) => sum + areaOf(intersect(block, whole)), 0);
  const samplers = partsOf(maker).map((part) => ({ part, sampler: sampleNeighbours(part, dim, area) }));
  const features = await openFeatures(maker, { reader, engine, device, block: plan });
  try {
    await gather(features, index, near, whole, kept, { gathered, samplers }, context);
  } finally {
    await features.dispose();
  }
  return {
    fields: fields.map(({ id, classCode, role }, i) => ({
      id,
      classCode,
      role,
      pixels: gathered.perField[i] ?? 0,
    })),
    count: gathered.count,
    dim,
    features: gathered.features.subarray(0, gathered.count * dim),
    field: gathered.field.subarray(0, gathered.count),
    col: gathered.col.subarray(0, gathered.count),
    row: gathered.row.subarray(0, gathered.count),
    parts: framed(samplers),
    kept,
  };
}

/** How the features of a pixel divide: an encoder's, and the bands that were joined to them. */
function partsOf(maker: FeatureMaker): Part[] {
  const { radii, bandRadius } = maker.recipe;
  if (bandRadius === undefined) return [];
  const own = pooledDim(maker);
  // Windows of two pixels of a pair do not overlap, nor does much of what the encoder saw.
  const apart = (radius: number) => 2 * radius + 6;
  return [
    { from: 0, size: own, apart: apart(Math.max(...radii)) },
    { from: own, size: featureDim(maker) - own, apart: apart(bandRadius) },
  ];
}

/** undefined when a part has too few neighbours to be measured. */
function framed(samplers: readonly Sampled[]): FramedPart[] | undefined {
  if (samplers.length === 0) return undefined;
  const parts = samplers.flatMap(({ part: { from, size }, sampler }) => {
    const frame = frameOf(sampler.read());
    return frame ? [{ from, size, frame }] : [];
  });
  return parts.length === samplers.length ? parts : undefined;
}

interface Sampled {
  readonly part: Part;
  readonly sampler: NeighbourSampler;
}

class Gathered {
  readonly features: Float32Array;
  readonly field: Int32Array;
  readonly col: Int32Array;
  readonly row: Int32Array;
  readonly perField: number[];
  readonly dim: number;
  count = 0;

  constructor(capacity: number, dim: number, fields: number) {
    this.features = new Float32Array(capacity * dim);
    this.field = new Int32Array(capacity);
    this.col = new Int32Array(capacity);
    this.row = new Int32Array(capacity);
    this.perField = new Array<number>(fields).fill(0);
    this.dim = dim;
  }

  add(field: number, col: number, row: number, values: Float32Array, at: number): void {
    assert(this.count < this.field.length, 'more labelled pixels than were counted');
    this.features.set(values.subarray(at, at + this.dim), this.count * this.dim);
    this.field[this.count] = field;
    this.col[this.count] = col;
    this.row[this.count] = row;
    this.perField[field] = (this.perField[field] ?? 0) + 1;
    this.count++;
  }
}

async function gather(
  features: Awaited<ReturnType<typeof openFeatures>>,
  index: FieldIndex,
  blocks: BlockPlan['blocks'],
  whole: Window,
  kept: number,
  { gathered: into, samplers }: { readonly gathered: Gathered; readonly samplers: readonly Sampled[] },
  context: Options['context'],
): Promise<void> {
  const stage = startStage(context, 'features', blocks.length, 'blocks');
  const threshold = kept * 2 ** 32;
  for (const block of blocks) {
    const { values, valid } = await features.read(block);
    const inside = intersect(block, whole);
    for (const { sampler } of samplers) sampler.add({ values, valid }, block.width, inside);
    const ids = index.burn(inside);
    for (let y = 0; y < inside.height; y++) {
      for (let x = 0; x < inside.width; x++) {
        const id = ids[y * inside.width + x] ?? 0;
        const at = y * block.width + x;
        if (id === 0 || !valid[at]) continue;
        if (kept < 1 && hashSeed(inside.col + x, inside.row + y) >= threshold) continue;
        into.add(id - 1, inside.col + x, inside.row + y, values, at * into.dim);
      }
    }
    stage.advance(1);
  }
}

const areaOf = ({ width, height }: Window) => width * height;

function countPixels(index: FieldIndex, blocks: readonly Window[], whole: Window): number {
  let count = 0;
  for (const block of blocks) for (const id of index.burn(intersect(block, whole))) if (id > 0) count++;
  return count;
}
