import { describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import { buildEncoder } from '../../electron/compute/encoders/encoder.ts';
import { normal } from '../../electron/compute/layers/arrays.ts';
import { adoptEncoder, mapBands } from '../../electron/compute/methods/adoptEncoder.ts';
import { buildStep, type PretrainStep } from '../../electron/compute/methods/buildStep.ts';
import type { Arrays, Tree } from '../../electron/compute/step.ts';
import { type MethodId, methodIds } from '../../electron/contract/catalog/ids.ts';
import { methodCards } from '../../electron/contract/catalog/methods.ts';
import type { ParameterValues } from '../../electron/contract/catalog/parameters.ts';
import { expectClose } from '../support/expectClose.ts';
import { scalars, tf, tidied, toArrays, toTree } from '../support/tensors.ts';

const bands = 2;
const tile = 6;
const batch = 8;
const encoder = buildEncoder('dense', bands, { width: 8, layers: 2, dimension: 8 });

function build(method: MethodId, values: ParameterValues = {}): PretrainStep {
  const common = { projectorWidth: 16, learningRate: 0.01, warmup: 0 };
  const own = method === 'moco' ? { queue: 32, splits: 2, outputWidth: 8 } : {};
  const predictor = method === 'simsiam' ? { predictorWidth: 8 } : {};
  return buildStep({ method, encoder, tile, batch, values: { ...common, ...own, ...predictor, ...values } });
}

function views(seed: string): Arrays {
  const prng = prngFrom(seed);
  const shape = [batch, tile, tile, bands];
  const view1 = normal(shape, 1, prng);
  const jitter = normal(shape, 0.3, prng).data;
  return { view1, view2: { shape, data: view1.data.map((v, i) => v + (jitter[i] as number)) } };
}

/** Runs steps on one fixed batch; gives the states and metrics, as arrays. */
function run(
  step: PretrainStep,
  steps: number,
  from = step.initialState(1),
): { state: Arrays; metrics: Arrays }[] {
  const out: { state: Arrays; metrics: Arrays }[] = [];
  let state = from;
  for (let i = 0; i < steps; i++) {
    const result = tidied(() => {
      const { state: s, metrics } = step.spec.run(
        toTree(state),
        toTree({ ...views('views'), ...step.extraInputs(1, i) }),
        scalars(step.hyperAt(i, 10)),
      );
      return { state: toArrays(s), metrics: toArrays(metrics) };
    });
    state = result.state;
    out.push(result);
  }
  return out;
}
const first = (arrays: Arrays | undefined, name: string): number => arrays?.[name]?.data[0] as number;

describe.each(methodIds.map((id) => ({ id })))('$id', ({ id }) => {
  const step = build(id);
  const initial = step.initialState(1);

  it('keeps the names and shapes of its state', () => {
    const shapes = (arrays: Arrays) =>
      Object.fromEntries(Object.entries(arrays).map(([n, a]) => [n, [...a.shape]]));
    const sorted = (names: string[]) => names.sort();
    expect(sorted(Object.keys(initial))).toEqual(sorted(Object.keys(step.spec.state)));
    expect(shapes(initial)).toEqual(step.spec.state);
    const [after] = run(step, 1);
    expect(shapes(after?.state ?? {})).toEqual(shapes(initial));
  });

  it('lowers its loss on a fixed batch and reports the terms of its card', () => {
    const all = run(step, 8).map(({ metrics }) => metrics);
    for (const term of methodCards[id].terms) expect(Number.isFinite(first(all[0], term.id))).toBe(true);
    for (const name of ['gradNorm', 'zStd']) expect(first(all[0], name)).toBeGreaterThan(0);
    // MoCo's queue fills with new keys at first, which raises the loss.
    if (id !== 'moco') expect(first(all[7], 'loss')).toBeLessThan(first(all[0], 'loss'));
    expect(all[0]?.h1?.shape).toEqual([batch, encoder.dim]);
    expect(all[0]?.z1?.shape).toEqual([batch, step.embeddingDim]);
  });

  it('is a function of its arguments alone, and leaks no tensor', () => {
    const [a] = run(step, 1);
    const before = tf.memory().numTensors;
    const [b] = run(step, 1);
    expect(tf.memory().numTensors).toBe(before);
    expect(a).toEqual(b);
    expect(step.initialState(1)).toEqual(initial);
    expect(step.initialState(2)).not.toEqual(initial);
  });

  it('updates running statistics view by view, as torch does', () => {
    const [after] = run(step, 1);
    const name = 'encoder/conv1/mean';
    const parameters = toTree(initial);
    const meanOf = (view: 'view1' | 'view2') => {
      const x = toTree(views('views'))[view] as tf.Tensor4D;
      return tf.mean(tf.conv2d(x, parameters['encoder/conv1/w'] as tf.Tensor4D, 1, 1), [0, 1, 2]).dataSync();
    };
    const [m1, m2] = [meanOf('view1'), meanOf('view2')];
    const expected = Array.from(m1, (m, i) => 0.9 * 0.1 * m + 0.1 * (m2[i] as number));
    expectClose(after?.state[name]?.data ?? [], expected, { rel: 1e-4, abs: 1e-6 });
  });
});

it.each([
  // `zero_init_residual` in the training scripts of the authors; MoCo's leaves torchvision's default.
  ['simsiam', true],
  ['simclr', true],
  ['moco', false],
  ['barlow-twins', true],
  ['vicreg', true],
] as const)('%s starts residual branches at zero: %s', (method, isZero) => {
  const resnet = buildEncoder('resnet18', bands, { width: 16 });
  const step = buildStep({ method, encoder: resnet, tile: 16, batch });
  const gamma = step.initialState(1)['encoder/stage1/0/b/gamma']?.data;
  expect(gamma?.every((v) => v === (isZero ? 0 : 1))).toBe(true);
});

describe('learning rates', () => {
  it('SimSiam keeps the predictor’s rate while the rest decays', () => {
    const step = build('simsiam', { optimizer: 'sgd', learningRate: 0.05 });
    const peak = (0.05 * batch) / 256;
    expectClose([step.hyperAt(0, 10).lr as number, step.hyperAt(5, 10).lr as number], [peak, peak / 2]);
    expectClose([step.hyperAt(5, 10).lrPredictor as number], [peak]);
    const [decayed] = run(step, 1);
    const spec = tidied(() => {
      const still = { ...scalars(step.hyperAt(0, 10)), lr: tf.scalar(0) };
      return toArrays(step.spec.run(toTree(step.initialState(1)), toTree(views('views')), still).state);
    });
    const fresh = step.initialState(1);
    expect(spec['encoder/conv1/w']).toEqual(fresh['encoder/conv1/w']);
    expect(spec['predictor/0/w']).toEqual(decayed?.state['predictor/0/w']);
    expect(spec['predictor/0/w']).not.toEqual(fresh['predictor/0/w']);
  });
  it('Barlow Twins gives vectors their own rate under LARS only', () => {
    expect(build('barlow-twins').spec.hyper).not.toContain('lrBias');
    const lars = build('barlow-twins', { optimizer: 'lars', learningRate: 0.2, biasRate: 0.024 });
    expectClose([lars.hyperAt(0, 10).lrBias as number], [(0.0048 * batch) / 256]);
    expect(Object.keys(lars.hyperAt(0, 10)).sort()).toEqual([...lars.spec.hyper].sort());
  });
  it('warms up from zero over its share of the run', () => {
    const step = build('simclr', { warmup: 0.1, learningRate: 0.001 });
    expectClose(
      [0, 5, 10].map((i) => step.hyperAt(i, 100).lr as number),
      [0, 0.0005, 0.001],
    );
  });
});

describe('SimSiam', () => {
  it('without its stopped gradient drives the projector by another gradient', () => {
    const [stopped] = run(build('simsiam'), 1);
    const [free] = run(build('simsiam', { stopGradient: false }), 1);
    expect(first(stopped?.metrics, 'loss')).toBe(first(free?.metrics, 'loss'));
    expect(first(stopped?.metrics, 'gradNorm')).not.toBe(first(free?.metrics, 'gradNorm'));
  });
});

describe('MoCo', () => {
  it('starts its key network as a copy, follows parameters only, and enters keys into the queue', () => {
    const step = build('moco', { momentum: 0.9, symmetric: false });
    const initial = step.initialState(1);
    expect(initial['key/encoder/conv1/w']?.data).toEqual(initial['encoder/conv1/w']?.data);
    const [one, two] = run(step, 2);
    // At the first step query and key are equal, so the key stays; at the second it moves a tenth towards the query.
    expectClose(one?.state['key/encoder/conv1/w']?.data ?? [], initial['encoder/conv1/w']?.data ?? [], {
      rel: 1e-5,
    });
    const query = one?.state['encoder/conv1/w']?.data ?? new Float32Array();
    const expected = Array.from(
      query,
      (q, i) => 0.1 * q + 0.9 * (one?.state['key/encoder/conv1/w']?.data[i] as number),
    );
    expectClose(two?.state['key/encoder/conv1/w']?.data ?? [], expected, { rel: 1e-4, abs: 1e-6 });
    // Its statistics come from its own forward pass over view 2.
    expect(one?.state['key/encoder/conv1/mean']).not.toEqual(one?.state['encoder/conv1/mean']);
    // The newest keys come first; the oldest fall out.
    const width = step.embeddingDim;
    const old = initial.queue?.data.slice(0, (32 - batch) * width);
    expect(one?.state.queue?.data.slice(batch * width)).toEqual(old);
    const norms = Array.from({ length: 32 }, (_, k) =>
      Math.hypot(...(one?.state.queue?.data.slice(k * width, (k + 1) * width) ?? [])),
    );
    expectClose(norms, new Array(32).fill(1), { rel: 1e-5 });
  });

  it('gives each key back to its own query, whatever the shuffle', () => {
    // One part: batch statistics do not depend on the order, so shuffling must not change anything.
    const step = build('moco', { splits: 1, symmetric: false });
    const lossWith = (seed: number) =>
      tidied(() => {
        const inputs = toTree({ ...views('views'), ...step.extraInputs(seed, 0) });
        return step.spec
          .run(toTree(step.initialState(1)), inputs, scalars(step.hyperAt(0, 10)))
          .metrics.loss?.dataSync();
      }) as Float32Array;
    expect(step.extraInputs(1, 0)).not.toEqual(step.extraInputs(2, 0));
    expectClose(lossWith(1), lossWith(2), { rel: 1e-5 });
    // In parts, the company of each key matters.
    const split = build('moco', { splits: 4, symmetric: false });
    const [a] = run(split, 1);
    expect(first(a?.metrics, 'loss')).not.toBeCloseTo(lossWith(1)[0] as number, 4);
  });

  it('refuses a queue or splits that do not fit, with the way out', () => {
    expect(() => build('moco', { queue: 16, symmetric: true })).not.toThrow();
    expect(() => buildStep({ method: 'moco', encoder, tile, batch: 32, values: { queue: 32 } })).toThrow(
      /64 keys/,
    );
    expect(() => build('moco', { splits: 3 })).toThrow(/does not divide into 3/);
  });
});

describe('weights from another run', () => {
  const step = build('vicreg');
  const trained = encoder.init(prngFrom('other'));
  it('start the encoder, and the key network with it', () => {
    expect(step.initialState(1, trained)['encoder/conv1/w']?.data).toEqual(trained['conv1/w']?.data);
    expect(build('moco').initialState(1, trained)['key/encoder/conv1/w']?.data).toEqual(
      trained['conv1/w']?.data,
    );
  });
  it('are refused by name when they do not fit', () => {
    const wider = buildEncoder('dense', 3, { width: 8, layers: 2, dimension: 8 });
    expect(() => adoptEncoder(wider, trained)).toThrow(/conv1\/w as \[3, 3, 3, 8\] and found \[3, 3, 2, 8\]/);
  });
  it('are mapped to other bands: equal images give equal features', () => {
    const wider = buildEncoder('dense', 4, { width: 8, layers: 2, dimension: 8 });
    const mapped = mapBands(encoder, trained, [1, 0, 1, 0]);
    expect(adoptEncoder(wider, mapped)['conv1/w']?.shape).toEqual([3, 3, 4, 8]);
    // Both orders twice, halved: a doubled image through the mapped encoder equals the image through the first.
    const x = tf.tensor4d(views('bands').view1?.data ?? new Float32Array(), [batch, tile, tile, bands]);
    const swapped = tf.reverse(x, 3);
    const conv = (weights: Tree, image: tf.Tensor) =>
      tf.conv2d(image as tf.Tensor4D, weights['conv1/w'] as tf.Tensor4D, 1, 'same');
    const before = conv(toTree(trained), x).dataSync();
    const after = conv(toTree(mapped), tf.concat([swapped, swapped], 3)).dataSync();
    expectClose(after, before, { rel: 1e-4, abs: 1e-5 });
  });
});
