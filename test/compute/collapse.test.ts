/**
 * Negative controls: what must collapse does, what must not does not. Short compiled runs on drawn tiles of made-up
 * crops that differ in texture alone.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Prng, prngFrom } from '../../electron/base/prng.ts';
import { buildEncoder } from '../../electron/compute/encoders/encoder.ts';
import { buildStep } from '../../electron/compute/methods/buildStep.ts';
import { judgeCollapse } from '../../electron/compute/probe/collapse.ts';
import { neighbourAccuracy } from '../../electron/compute/probe/neighbours.ts';
import { effectiveRank, rankMe } from '../../electron/compute/probe/rank.ts';
import { meanPairwiseCosine, stdOfNormalised } from '../../electron/compute/probe/sphere.ts';
import type { Arrays, NdArray } from '../../electron/compute/step.ts';
import { type MethodId, methodIds } from '../../electron/contract/catalog/ids.ts';
import type { ParameterValues } from '../../electron/contract/catalog/parameters.ts';
import { createEngine } from '../../electron/engine/engine.ts';

const [bands, tile, batch, steps] = [3, 8, 64, 300];
/** Stripes of eight directions and two spacings. */
const crops = 16;
const encoder = buildEncoder('dense', bands, { width: 16, layers: 3, dimension: 32 });
const engine = createEngine();

/** One view of a tile: stripes of its crop, under light and haze of its own that outweigh them, and noise. */
function view(crop: number, prng: Prng, out: Float32Array, at: number): void {
  const angle = (Math.PI * (crop % 8)) / 8;
  const turns = crop < 8 ? 1.1 : 2.1;
  const [dy, dx, phase] = [turns * Math.sin(angle), turns * Math.cos(angle), 2 * Math.PI * prng.uniform()];
  const haze = Array.from({ length: bands }, () => 0.5 * prng.normal());
  for (let i = 0; i < tile * tile; i++) {
    const stripe = 0.7 * Math.sin(dy * Math.floor(i / tile) + dx * (i % tile) + phase);
    for (let b = 0; b < bands; b++) out[at + i * bands + b] = stripe + (haze[b] ?? 0) + 0.3 * prng.normal();
  }
}

function draw(name: string, step: number): { views: Arrays; labels: number[] } {
  const prng = prngFrom(name, step);
  const shape = [batch, tile, tile, bands];
  const size = tile * tile * bands;
  const [view1, view2] = [new Float32Array(batch * size), new Float32Array(batch * size)];
  const labels = Array.from({ length: batch }, (_, i) => {
    const crop = prng.integer(crops);
    view(crop, prng, view1, i * size);
    view(crop, prng, view2, i * size);
    return crop;
  });
  return { views: { view1: { shape, data: view1 }, view2: { shape, data: view2 } }, labels };
}

interface Outcome {
  /** Std of the unit embeddings times √D: 1 is healthy. */
  readonly spread: number;
  /** Effective rank of the embeddings. */
  readonly rank: number;
  readonly knn: number;
  readonly rankMe: number;
  readonly meanCosine: number;
  /** VICReg's variance term. */
  readonly lost: number | null;
}
async function run(method: MethodId, values: ParameterValues, length = steps): Promise<Outcome> {
  const size = { projectorWidth: 64, ...(method === 'simsiam' && { predictorWidth: 16 }) };
  const memory = method === 'moco' ? { queue: 256, splits: 4 } : {};
  const step = buildStep({
    method,
    encoder,
    tile,
    batch,
    values: { ...size, ...memory, warmup: 0, ...values },
  });
  const running = await engine.startStep(step.spec, step.initialState(0), { device: 'cpu', threads: 1 });
  for (let i = 0; i < length; i++) {
    await running.run({ ...draw('train', i).views, ...step.extraInputs(0, i) }, step.hyperAt(i, length));
  }
  // Other tiles, at a learning rate of zero: nothing moves.
  const still = Object.fromEntries(
    Object.entries(step.hyperAt(0, 1)).map(([name, value]) => [name, name.startsWith('lr') ? 0 : value]),
  );
  const labels: number[] = [];
  const [h, z]: [number[], number[]] = [[], []];
  let lost: number | null = null;
  for (let i = 0; i < 4; i++) {
    const drawn = draw('test', i);
    const metrics = await running.run({ ...drawn.views, ...step.extraInputs(1, i) }, still);
    labels.push(...drawn.labels);
    h.push(...(metrics.h1?.data ?? []));
    z.push(...(metrics.z1?.data ?? []));
    lost = method === 'vicreg' ? (metrics.variance?.data[0] ?? Number.NaN) : null;
  }
  await running.dispose();
  const matrix = (rows: number[]): NdArray => ({
    shape: [labels.length, rows.length / labels.length],
    data: Float32Array.from(rows),
  });
  return {
    spread: stdOfNormalised(matrix(z)) * Math.sqrt(step.embeddingDim),
    rank: effectiveRank(matrix(z)),
    knn: neighbourAccuracy(
      matrix(h),
      labels,
      labels.map((_, i) => i),
    ),
    rankMe: rankMe(matrix(h)),
    meanCosine: meanPairwiseCosine(matrix(h)),
    lost,
  };
}

const values: ParameterValues = { learningRate: 0.003 };
const outcomes: Record<string, Outcome> = {};
let untrained: Outcome;
beforeAll(async () => {
  untrained = await run('vicreg', values, 0);
  outcomes.untrained = untrained;
});
afterAll(() => console.table(outcomes));

async function outcome(
  method: MethodId,
  change: ParameterValues = {},
): Promise<Outcome & { verdict: string }> {
  // SimSiam learns slowly, and at the rate of the others by luck.
  const pace = method === 'simsiam' ? { learningRate: 0.001 } : {};
  const length = method === 'simsiam' ? 2 * steps : steps;
  const found = await run(method, { ...values, ...pace, ...change }, length);
  outcomes[[method, ...Object.entries(change).flat()].join(' ')] = found;
  const { verdict } = judgeCollapse({
    method,
    // The spread is √D times the std already.
    zStd: found.spread,
    embeddingDim: 1,
    embeddingRank: found.rank,
    lostVariance: found.lost,
    rankMe: found.rankMe,
    meanCosine: found.meanCosine,
    untrainedRankMe: untrained.rankMe,
  });
  return { ...found, verdict };
}

describe('what must not collapse', () => {
  it.each(methodIds)('%s learns the crops', async (method) => {
    const { spread, rank, knn, verdict } = await outcome(method);
    expect(spread).toBeGreaterThan(0.8);
    expect(rank).toBeGreaterThan(3);
    expect(knn).toBeGreaterThan(untrained.knn + 0.4);
    expect(verdict).toBe('none');
  });
});

describe('what must collapse', () => {
  it('SimSiam without its stopped gradient: onto a line, blind to the crops', async () => {
    const { rank, knn, verdict } = await outcome('simsiam', { stopGradient: false });
    expect(rank).toBeLessThan(1.3);
    expect(knn).toBeLessThan(untrained.knn + 0.1);
    expect(verdict).not.toBe('none');
  });
  it('VICReg without its variance term: to a point', async () => {
    const { lost, knn, verdict } = await outcome('vicreg', { varianceWeight: 0 });
    expect(lost).toBeGreaterThan(0.9);
    expect(knn).toBeLessThan(untrained.knn + 0.1);
    expect(verdict).toBe('full');
  });
  it('Barlow Twins without λ: its features repeat each other', async () => {
    const { rank, verdict } = await outcome('barlow-twins', { lambda: 0 });
    expect(rank).toBeLessThan(0.4 * (outcomes['barlow-twins']?.rank ?? 0));
    expect(verdict).not.toBe('none');
  });
  it('MoCo without momentum: worse than with 0.99', async () => {
    const { knn, verdict } = await outcome('moco', { momentum: 0 });
    expect(knn).toBeLessThan((outcomes.moco?.knn ?? 0) - 0.1);
    expect(verdict).not.toBe('none');
  });
});
