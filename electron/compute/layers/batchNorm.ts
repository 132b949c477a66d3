/**
 * Batch normalisation over a map, with its derivative in closed form (Ioffe and Szegedy 2015, section 3): plain
 * differentiation of its parts would cost many more passes over memory. Biased variance in the normalisation.
 */

import type { GradSaveFunc, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { assert } from '../../base/assert.ts';

export const EPSILON = 1e-5;

export interface Normalised<T extends Tensor> {
  readonly y: T;
  /** Over the whole batch: the mean over splits. [C] */
  readonly mean: Tensor;
  /** Unbiased, for the running statistics. [C] */
  readonly variance: Tensor;
}

/**
 * @param x [N, H, W, C]. @param gamma [C]. @param beta [C].
 * @param splits The batch is normalised in this many consecutive parts, each by its own statistics (MoCo's
 * `SplitBatchNorm`, which stands in for shuffling over devices). Must divide N.
 */
export function batchNorm(x: Tensor4D, gamma: Tensor1D, beta: Tensor1D, splits = 1): Normalised<Tensor4D> {
  const [n, height, width, channels] = x.shape;
  assert(n % splits === 0, () => `A batch of ${n} cannot be normalised in ${splits} parts`);
  const count = (n / splits) * height * width;
  const scaled = (t: Tensor, by: number): Tensor => tf.mul(t, by);

  /** Sum over all pixels of each part: [C], or [S, C] for several parts. */
  const total = (t: Tensor): Tensor => {
    if (splits === 1) return tf.sum(t, [0, 1, 2]);
    return tf.sum(tf.reshape(tf.sum(t, [1, 2]), [splits, n / splits, channels]), 1);
  };
  /** One value per part and channel, laid out to meet [N, H, W, C]. */
  const spread = (t: Tensor): Tensor => {
    if (splits === 1) return t;
    const each = tf.tile(tf.reshape(t, [splits, 1, channels]), [1, n / splits, 1]);
    return tf.reshape(each, [n, 1, 1, channels]);
  };
  const sumOfParts = (t: Tensor): Tensor => (splits === 1 ? t : tf.sum(t, 0));

  const kept: Tensor[] = [];
  const op = tf.customGrad((...inputs) => {
    const [map, g, b, save] = inputs as [Tensor4D, Tensor1D, Tensor1D, GradSaveFunc];
    const mean = scaled(total(map), 1 / count);
    // E[x²] − E[x]² saves a pass; rounding may leave it a little below zero.
    const variance = tf.relu(tf.sub(scaled(total(tf.square(map)), 1 / count), tf.square(mean)));
    const rstd = tf.rsqrt(tf.add(variance, EPSILON));
    const scale = tf.mul(g, rstd);
    const y = tf.add(tf.mul(map, spread(scale)), spread(tf.sub(b, tf.mul(mean, scale))));
    kept.push(
      tf.keep(scaled(sumOfParts(mean), 1 / splits)),
      tf.keep(scaled(sumOfParts(variance), count / Math.max(1, count - 1) / splits)),
    );
    save([map, mean, rstd, scale]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const [map, mean, rstd, scale] = saved as [Tensor, Tensor, Tensor, Tensor];
      const dBeta = total(dy);
      const dGamma = tf.mul(tf.sub(total(tf.mul(dy, map)), tf.mul(mean, dBeta)), rstd);
      // dx = scale·(dy − mean(dy) − x̂·mean(dy·x̂)), gathered as dy·scale + x·c1 + c0.
      const c1 = scaled(tf.mul(tf.mul(scale, rstd), dGamma), -1 / count);
      const c0 = tf.sub(scaled(tf.mul(scale, dBeta), -1 / count), tf.mul(c1, mean));
      const dx = tf.add(tf.add(tf.mul(dy, spread(scale)), tf.mul(map, spread(c1))), spread(c0));
      return [dx, sumOfParts(dGamma), tf.clone(sumOfParts(dBeta))];
    };
    return { value: y, gradFunc };
  });

  const y = op(x, gamma, beta) as Tensor4D;
  // Statistics are by-products without a gradient: carried out of the differentiated scope by hand.
  const [mean, variance] = kept.map((t) => {
    const copy = tf.clone(t);
    t.dispose();
    return copy;
  }) as [Tensor, Tensor];
  return { y, mean, variance };
}
