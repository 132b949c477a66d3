/**
 * VICReg (Bardes et al. 2022, arXiv 2105.04906) in the form of the authors' code, which differs from the paper: the
 * squared distance is a mean over features too, and the variance term is halved over the views.
 */

import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { offDiagonal } from './offDiagonal.ts';

const EPSILON = 1e-4;

/** Mean squared distance over batch and features. @param z1, z2 [N, D]. */
export function invarianceTerm(z1: Tensor2D, z2: Tensor2D): Scalar {
  return tf.mean(tf.square(tf.sub(z1, z2)));
}

/** Mean over features of max(0, 1 − √(Var + ε)), unbiased variance. @param centred [N, D] without mean. */
export function varianceTerm(centred: Tensor2D): Scalar {
  const n = centred.shape[0];
  const variance = tf.mul(tf.sum(tf.square(centred), 0), 1 / (n - 1));
  return tf.mean(tf.relu(tf.sub(1, tf.sqrt(tf.add(variance, EPSILON)))));
}

/** Σᵢ≠ⱼ Covᵢⱼ² / D, unbiased covariance. @param centred [N, D] without mean. */
export function covarianceTerm(centred: Tensor2D): Scalar {
  const [n, d] = centred.shape;
  const covariance: Tensor = tf.mul(tf.matMul(centred, centred, true, false), 1 / (n - 1));
  return tf.mul(tf.sum(tf.square(tf.mul(covariance, offDiagonal(d)))), 1 / d);
}

export interface VicregWeights {
  readonly invariance: number;
  readonly variance: number;
  readonly covariance: number;
}
export interface VicregLoss {
  readonly loss: Scalar;
  readonly invariance: Scalar;
  /** Mean of the two views. */
  readonly variance: Scalar;
  /** Sum of the two views. */
  readonly covariance: Scalar;
}
/** @param z1, z2 [N, D]. */
export function vicregLoss(z1: Tensor2D, z2: Tensor2D, weights: VicregWeights): VicregLoss {
  const c1: Tensor2D = tf.sub(z1, tf.mean(z1, 0));
  const c2: Tensor2D = tf.sub(z2, tf.mean(z2, 0));
  const invariance = invarianceTerm(z1, z2);
  const variance: Scalar = tf.mul(tf.add(varianceTerm(c1), varianceTerm(c2)), 0.5);
  const covariance: Scalar = tf.add(covarianceTerm(c1), covarianceTerm(c2));
  const weighted = tf.add(tf.mul(invariance, weights.invariance), tf.mul(variance, weights.variance));
  return { loss: tf.add(weighted, tf.mul(covariance, weights.covariance)), invariance, variance, covariance };
}
