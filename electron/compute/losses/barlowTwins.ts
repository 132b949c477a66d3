/**
 * Barlow Twins (Zbontar et al. 2021, arXiv 2103.03230, equation 1): L = Σᵢ (1 − Cᵢᵢ)² + λ Σᵢ≠ⱼ Cᵢⱼ², where C is the
 * cross-correlation of the two views over the batch, standardised by the biased variance.
 */

import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { standardise } from '../layers/standardise.ts';
import { offDiagonal } from './offDiagonal.ts';

export interface BarlowTwinsLoss {
  readonly loss: Scalar;
  /** Σᵢ (1 − Cᵢᵢ)² */
  readonly invariance: Scalar;
  /** Σᵢ≠ⱼ Cᵢⱼ², without λ. */
  readonly redundancy: Scalar;
}
/** @param z1, z2 [N, D]. */
export function barlowTwinsLoss(z1: Tensor2D, z2: Tensor2D, lambda: number): BarlowTwinsLoss {
  const [n, d] = z1.shape;
  const a = standardise(z1).y;
  const b = standardise(z2).y;
  const diagonal = tf.mean(tf.mul(a, b), 0);
  const invariance: Scalar = tf.sum(tf.square(tf.sub(diagonal, 1)));
  const correlation = tf.mul(tf.matMul(a, b, true, false), 1 / n);
  const redundancy: Scalar = tf.sum(tf.square(tf.mul(correlation, offDiagonal(d))));
  return { loss: tf.add(invariance, tf.mul(redundancy, lambda)), invariance, redundancy };
}
