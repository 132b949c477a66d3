/**
 * NT-Xent of SimCLR (Chen et al. 2020, arXiv 2002.05709, equation 1), the paper's mean over 2N. The official code
 * returns the sum of two means over N, which is twice this.
 */

import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { l2Normalise } from './l2Normalise.ts';
import { logSumExpOfSimilarity } from './logSumExp.ts';
import { offDiagonal } from './offDiagonal.ts';

export interface NtXentLoss {
  readonly loss: Scalar;
  /** −mean s⁺ / T: falls as the views agree. */
  readonly alignment: Scalar;
  /** Mean log of the denominator: falls as the batch spreads. It holds the positive, and all but the sample itself. */
  readonly contrast: Scalar;
}
/** @param z1, z2 [N, D], not normalised. */
export function ntXentLoss(z1: Tensor2D, z2: Tensor2D, temperature: number): NtXentLoss {
  const u1 = l2Normalise(z1);
  const u2 = l2Normalise(z2);
  const all = tf.concat([u1, u2], 0);
  const similarity: Tensor2D = tf.matMul(all, all, false, true);
  const contrast = tf.mean(logSumExpOfSimilarity(similarity, temperature, offDiagonal(all.shape[0])));
  const alignment: Scalar = tf.mul(tf.mean(tf.sum(tf.mul(u1, u2), 1)), -1 / temperature);
  return { loss: tf.add(contrast, alignment), alignment, contrast: contrast as Scalar };
}
