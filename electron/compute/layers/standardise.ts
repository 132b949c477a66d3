import type { GradSaveFunc, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Normalised } from './batchNorm.ts';

/**
 * Each column to mean 0 and biased variance 1 over the batch: batch normalisation of vectors, without gamma and beta.
 * Centred before squaring, so exact in float32 also far from zero; the derivative in closed form.
 * @param x [N, D], N ≥ 2.
 */
export function standardise(x: Tensor2D, epsilon = 1e-5): Normalised<Tensor2D> {
  const n = x.shape[0];
  const kept: Tensor[] = [];
  const op = tf.customGrad((...inputs) => {
    const [rows, save] = inputs as [Tensor2D, GradSaveFunc];
    const mean = tf.mean(rows, 0);
    const centred = tf.sub(rows, mean);
    const variance = tf.mean(tf.square(centred), 0);
    const rstd = tf.rsqrt(tf.add(variance, epsilon));
    const y = tf.mul(centred, rstd);
    kept.push(tf.keep(tf.clone(mean)), tf.keep(tf.mul(variance, n / Math.max(1, n - 1))));
    save([y, rstd]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor => {
      const [y, rstd] = saved as [Tensor, Tensor];
      const along = tf.mul(y, tf.mean(tf.mul(dy, y), 0));
      return tf.mul(tf.sub(tf.sub(dy, tf.mean(dy, 0)), along), rstd);
    };
    return { value: y, gradFunc };
  });
  const y = op(x) as Tensor2D;
  const [mean, variance] = kept.map((t) => {
    const copy = tf.clone(t);
    t.dispose();
    return copy;
  }) as [Tensor, Tensor];
  return { y, mean, variance };
}
