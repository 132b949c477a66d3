/** Job: accuracy against labels per class, for encoders and baselines under one protocol, over many seeds. */
import { assert, must } from '../base/assert.ts';
import { systemClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { prngFrom, shuffle } from '../base/prng.ts';
import type { CurveFeatures, LearnCurveJob } from '../contract/jobs.ts';
import type { CurveSplit, LearnCurveResult, Scores, Spread } from '../contract/run.ts';
import type { DeviceChoice, Engine } from '../engine/types.ts';
import { openPhysical } from '../feed/units.ts';
import type { JobContext } from '../jobs/protocol.ts';
import type { RasterReader } from '../raster/types.ts';
import { PairCounter, scores } from './accuracy/confusion.ts';
import { type Classifier, fitClassifier } from './curve/classifiers.ts';
import { type PixelSplit, splitPixels } from './curve/splits.ts';
import { readEncoderFile } from './encoderFile.ts';
import type { FeatureMaker } from './features.ts';
import { type LabelledRows, takeRows } from './heads/head.ts';
import { collectLabelledPixels, type LabelledPixels } from './labelledPixels.ts';
import { breathe, startStage } from './progress.ts';
import { rawMaker } from './rawBands.ts';
import { encoderRecipe, joinedRecipe, rawRecipe, statisticsRecipe } from './recipes.ts';

/** Pixels asked at once: a cancel is heard between them. */
const chunk = 2_000;

/** Errors: bad-input for labels that cannot be split; those of encoder files, scene and engine; cancelled. */
export async function measureLearnCurve(
  job: LearnCurveJob,
  context: JobContext,
  engine: Engine,
): Promise<LearnCurveResult> {
  const started = systemClock.tick();
  const reader = await openPhysical(job.source);
  try {
    const makers: { id: string; maker: FeatureMaker; heads: CurveFeatures['heads'] }[] = [];
    for (const features of job.features) {
      for (const heads of sameFeatures(features)) {
        const maker = await makerFor({ ...features, heads }, job, reader, context.signal);
        makers.push({ id: features.id, maker, heads });
      }
    }
    // One buffer for all: every feature is asked about the same pixels.
    const buffer = Math.max(...makers.map(({ maker }) => reach(maker)));
    const heads = job.features.reduce((sum, features) => sum + features.heads.length, 0);
    const fits = heads * job.seeds * job.shots.length;
    const results: LearnCurveResult['results'][number][] = [];
    const stage = startStage(context, 'learning curve', fits, 'fits');
    let splits: PixelSplit[] | undefined;
    let layout: LabelledPixels | undefined;
    for (const { id, maker, heads } of makers) {
      const pixels = await collectLabelledPixels(maker, job.fields, {
        reader,
        engine,
        device: job.device as DeviceChoice,
        context,
      });
      if (layout && layout.count !== pixels.count) throw differentPixels(id, layout.count, pixels.count);
      layout ??= { ...pixels, features: new Float32Array(0) };
      splits ??= seedsOf(job.seeds).map((seed) => splitPixels(pixels, job.split, buffer, seed));
      for (const shots of job.shots) {
        for (const head of heads) {
          const scored: Scores[] = [];
          for (const [seed, split] of splits.entries()) {
            const rows = drawRows(pixels, split, shots, seed);
            const classifier = await fitClassifier(head, rows, seed, context.signal);
            scored.push(await ask(pixels, split, classifier, context.signal));
            stage.advance(1);
          }
          const spread = (of: (s: Scores) => number) => spreadOf(scored.map(of));
          results.push({
            features: id,
            head,
            shots,
            oa: spread((s) => s.oa),
            kappa: spread((s) => s.kappa),
            macroF1: spread((s) => s.macroF1),
          });
        }
      }
    }
    assert(layout && splits, 'a learning curve without features');
    return {
      split: job.split,
      seeds: job.seeds,
      protocol: words(job, buffer),
      notes: notesOf(
        job,
        layout,
        splits,
        makers.some(({ maker }) => maker.encoder !== null),
      ),
      classes: [...new Set(splits.flatMap((split) => split.codes))].sort((a, b) => a - b),
      results,
      seconds: (systemClock.tick() - started) / 1000,
    };
  } finally {
    await reader.dispose();
  }
}

const seedsOf = (count: number) => Array.from({ length: count }, (_, seed) => seed);

/** Heads by what they read: a linear one has the bands joined to an encoder's features, as training does. */
function sameFeatures({ encoderFile, heads }: CurveFeatures): CurveFeatures['heads'][] {
  if (encoderFile === null) return [heads];
  const linear = heads.filter((head) => head === 'linear');
  return [linear, heads.filter((head) => head !== 'linear')].filter((some) => some.length > 0);
}

async function makerFor(
  { id, encoderFile, heads }: CurveFeatures,
  job: LearnCurveJob,
  reader: RasterReader,
  signal: AbortSignal,
): Promise<FeatureMaker> {
  if (encoderFile === null) {
    const recipe = id === 'statistics' ? statisticsRecipe : rawRecipe;
    return rawMaker(reader, job.source.sensor, recipe, signal);
  }
  const { record, weights } = readEncoderFile(encoderFile);
  return {
    recipe: heads.includes('linear') ? joinedRecipe(job.fields) : encoderRecipe(job.fields),
    normalisation: record.normalisation,
    encoder: { record, weights },
  };
}

/** Pixels that a feature looks at in each direction, twice: what must lie between two pixels that share nothing. */
function reach({ recipe, encoder }: FeatureMaker): number {
  return 2 * ((encoder?.record.halo ?? 0) + Math.max(...recipe.radii)) + 1;
}

const codeAt = (pixels: LabelledPixels, i: number) =>
  must(pixels.fields[pixels.field[i] ?? -1], 'field of a pixel').classCode;

/** `shots` pixels of each class from those that teach. */
function drawRows(pixels: LabelledPixels, split: PixelSplit, shots: number, seed: number): LabelledRows {
  const pools = Map.groupBy(split.train, (i) => codeAt(pixels, i));
  const drawn = split.codes.flatMap((code) =>
    shuffle([...(pools.get(code) ?? [])], prngFrom(seed, 'draw', code)).slice(0, shots),
  );
  return {
    x: takeRows(pixels.features, pixels.dim, drawn),
    y: Int32Array.from(drawn, (i) => split.codes.indexOf(codeAt(pixels, i))),
    group: Int32Array.from(drawn, (i) => split.group[i] as number),
    n: drawn.length,
    d: pixels.dim,
    classes: split.codes.length,
    parts: pixels.parts,
  };
}

async function ask(
  pixels: LabelledPixels,
  { test, codes }: PixelSplit,
  classifier: Classifier,
  signal: AbortSignal,
): Promise<Scores> {
  const pairs = new PairCounter();
  for (let from = 0; from < test.length; from += chunk) {
    await breathe();
    signal.throwIfAborted();
    const some = test.slice(from, from + chunk);
    const said = classifier(takeRows(pixels.features, pixels.dim, some), some.length);
    some.forEach((i, k) => {
      pairs.add(must(codes[said[k] ?? -1], 'class'), codeAt(pixels, i));
    });
  }
  return scores(pairs.table());
}

function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return { mean, sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}

function words(job: LearnCurveJob, buffer: number): string {
  const how: Readonly<Record<CurveSplit, string>> = {
    field:
      'Per class half of the fields of at least 50 pixels teach (rounded down, at least one), the others are asked.',
    block: `Half of the square blocks of the scene teach, the others are asked, with at least ${buffer} pixels between them.`,
    random: 'Half of the labelled pixels teach, the others are asked.',
  };
  return `${how[job.split]} Labels are drawn from what teaches; every pixel of what is asked counts. Mean and standard deviation over ${job.seeds} seeds.`;
}

function notesOf(
  job: LearnCurveJob,
  { fields, kept }: LabelledPixels,
  splits: readonly PixelSplit[],
  pretrained: boolean,
): string[] {
  const used = new Set(splits.flatMap((split) => split.codes));
  const out = [...new Set(fields.map((f) => f.classCode))].filter((code) => !used.has(code));
  return [
    ...(pretrained
      ? [
          'Unlabelled pretraining may have seen the whole scene, test pixels included (transductive).',
          'A linear head on an encoder also reads the bands over a few pixels, in frames measured on unlabelled pixels.',
        ]
      : []),
    ...(out.length > 0 ? [`Classes that could not be split are left out: codes ${out.join(', ')}.`] : []),
    ...(job.split === 'random'
      ? [
          'Random pixels of one field stand on both sides: these figures are too good, and say little about new fields.',
        ]
      : []),
    ...(kept < 1 ? [`Fields were thinned to ${Math.round(100 * kept)} % of their pixels.`] : []),
  ];
}

function differentPixels(id: string, expected: number, found: number): AppError {
  return new AppError(
    'mismatch',
    `The features of ${id} are valid at ${found} labelled pixels, the others at ${expected}: they cannot be compared`,
    { subject: id, remedy: 'Compare encoders that were pretrained on the same bands.' },
  );
}
