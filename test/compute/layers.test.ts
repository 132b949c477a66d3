import { describe, expect, it } from 'vitest';
import '../../electron/compute/gradients/register.ts';
import { prngFrom } from '../../electron/base/prng.ts';
import { normal } from '../../electron/compute/layers/arrays.ts';
import { batchNorm } from '../../electron/compute/layers/batchNorm.ts';
import { detach } from '../../electron/compute/layers/detach.ts';
import { relu } from '../../electron/compute/layers/relu.ts';
import { standardise } from '../../electron/compute/layers/standardise.ts';
import { differentiate } from '../../electron/compute/methods/differentiate.ts';
import { expectClose } from '../support/expectClose.ts';
import { tf } from '../support/tensors.ts';

const random = (shape: number[], seed: string) => normal(shape, 1, prngFrom(seed));
const tensor = <T extends tf.Tensor>({ data, shape }: { data: Float32Array; shape: readonly number[] }): T =>
  tf.tensor(data, [...shape]) as T;

/** Batch normalisation in float64 from the definition; rows of samples, channels last. */
function normaliseInFloat64(
  x: ArrayLike<number>,
  n: number,
  c: number,
  splits: number,
  gamma: number[],
  beta: number[],
) {
  const pixels = x.length / c;
  const each = pixels / splits;
  const y = new Float64Array(x.length);
  const means = new Float64Array(c);
  const variances = new Float64Array(c);
  for (let s = 0; s < splits; s++) {
    for (let j = 0; j < c; j++) {
      const own = Array.from({ length: each }, (_, i) => x[(s * each + i) * c + j] as number);
      const mean = own.reduce((a, b) => a + b, 0) / each;
      const square = own.reduce((a, v) => a + (v - mean) ** 2, 0);
      means[j] = (means[j] as number) + mean / splits;
      variances[j] = (variances[j] as number) + square / (each - 1) / splits;
      own.forEach((v, i) => {
        y[(s * each + i) * c + j] =
          ((gamma[j] ?? 1) * (v - mean)) / Math.sqrt(square / each + 1e-5) + (beta[j] ?? 0);
      });
    }
  }
  expect(n % splits).toBe(0);
  return { y, means, variances };
}

/** Central differences of f at x, for some elements. */
function differences(f: (x: Float64Array) => number, x: Float64Array, at: readonly number[]): number[] {
  return at.map((i) => {
    const moved = (delta: number) => f(x.map((v, k) => (k === i ? v + delta : v)));
    return (moved(1e-5) - moved(-1e-5)) / 2e-5;
  });
}

describe.each([1, 2, 4])('batch normalisation in %i parts', (splits) => {
  const [n, h, w, c] = [8, 3, 2, 3];
  const x = random([n, h, w, c], 'x');
  const gamma = [1.3, -0.7, 0.4];
  const beta = [0.1, 0, -2];
  const toward = random([n, h, w, c], 'direction');
  const float64 = (values: ArrayLike<number>, g = gamma, b = beta) =>
    normaliseInFloat64(values, n, c, splits, g, b);

  it('normalises, and gives the statistics that torch records', () => {
    const ours = batchNorm(tensor(x), tf.tensor1d(gamma), tf.tensor1d(beta), splits);
    const plain = float64(x.data);
    expectClose(ours.y.dataSync(), plain.y, { rel: 1e-5, abs: 1e-5 });
    expectClose(ours.mean.dataSync(), plain.means, { rel: 1e-5, abs: 1e-6 });
    expectClose(ours.variance.dataSync(), plain.variances, { rel: 1e-5, abs: 1e-6 });
  });

  it('has the gradients of finite differences', () => {
    const score = (y: ArrayLike<number>) =>
      Array.from(y).reduce((sum, v, i) => sum + v * v * v * (toward.data[i] as number), 0);
    const [dx, dg, db] = tf.grads((t, g, b) => {
      const { y } = batchNorm(t as tf.Tensor4D, g as tf.Tensor1D, b as tf.Tensor1D, splits);
      return tf.sum(tf.mul(tf.mul(tf.mul(y, y), y), tensor(toward)));
    })([tensor(x), tf.tensor1d(gamma), tf.tensor1d(beta)]) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const at = [0, 7, 31, 100, 143];
    const tolerance = { rel: 1e-3, abs: 1e-3 };
    const byX = differences((v) => score(float64(v).y), Float64Array.from(x.data), at);
    expectClose(
      at.map((i) => dx.dataSync()[i] as number),
      byX,
      tolerance,
    );
    const byGamma = differences((g) => score(float64(x.data, [...g]).y), Float64Array.from(gamma), [0, 1, 2]);
    expectClose(dg.dataSync(), byGamma, tolerance);
    const byBeta = differences(
      (b) => score(float64(x.data, gamma, [...b]).y),
      Float64Array.from(beta),
      [0, 1, 2],
    );
    expectClose(db.dataSync(), byBeta, tolerance);
  });
});

describe('standardise', () => {
  const x = random([16, 4], 'rows');
  const plain = (values: ArrayLike<number>) => normaliseInFloat64(values, 16, 4, 1, [], []);
  it('agrees with the definition, also far from zero', () => {
    const far = { shape: x.shape, data: x.data.map((v) => v + 1000) };
    const { y, variance } = standardise(tensor(far));
    expectClose(y.dataSync(), plain(far.data).y, { rel: 1e-4, abs: 1e-4 });
    expectClose(variance.dataSync(), plain(far.data).variances, { rel: 1e-4 });
  });
  it('has the gradient of finite differences', () => {
    const weights = random([16, 4], 'weights').data;
    const score = (y: ArrayLike<number>) =>
      Array.from(y).reduce((s, v, i) => s + Math.sin(v) * (weights[i] as number), 0);
    const dx = tf.grad((t) =>
      tf.sum(tf.mul(tf.sin(standardise(t as tf.Tensor2D).y), tf.tensor2d(weights, [16, 4]))),
    )(tensor(x));
    const at = [0, 5, 22, 63];
    const expected = differences((v) => score(plain(v).y), Float64Array.from(x.data), at);
    expectClose(
      at.map((i) => dx.dataSync()[i] as number),
      expected,
      { rel: 1e-3, abs: 1e-4 },
    );
  });
});

describe('relu and detach', () => {
  it('relu passes the gradient where the output is positive', () => {
    const x = tf.tensor1d([-2, 0, 3]);
    expectClose(relu(x).dataSync(), [0, 0, 3]);
    expectClose(
      tf
        .grad((t) => tf.sum(tf.mul(relu(t), tf.tensor1d([5, 6, 7]))))(x)
        .dataSync(),
      [0, 0, 7],
    );
  });
  it('detach passes values and stops gradients', () => {
    const x = tf.tensor1d([2, 3]);
    const g = tf.grad((t) => tf.sum(tf.mul(t, detach(t))))(x);
    expectClose(g.dataSync(), [2, 3]);
  });
});

describe('differentiate', () => {
  it('gives value, gradients and by-products, and leaks nothing', () => {
    const w = tf.tensor1d([1, 2]);
    const before = tf.memory().numTensors;
    const { loss, aux, gradients } = differentiate({ w }, ({ w }) => {
      const square = tf.square(w as tf.Tensor);
      return { loss: tf.sum(square) as tf.Scalar, aux: { square } };
    });
    expectClose(loss.dataSync(), [5]);
    expectClose((aux.square as tf.Tensor).dataSync(), [1, 4]);
    expectClose((gradients.w as tf.Tensor).dataSync(), [2, 4]);
    expect(tf.memory().numTensors - before).toBe(3);
  });
});
