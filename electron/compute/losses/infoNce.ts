/** InfoNCE against a queue, of MoCo (He et al. 2020, arXiv 1911.05722, equation 1): one positive and K negatives. */

import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { l2Normalise } from './l2Normalise.ts';
import { logSumExpOfSimilarity } from './logSumExp.ts';

export interface InfoNceLoss {
  readonly loss: Scalar;
  /** −mean q·k⁺ / T. */
  readonly alignment: Scalar;
  /** Mean log of the denominator, positive included. */
  readonly contrast: Scalar;
}
/**
 * @param q Queries [N, D], not normalised. @param k Their keys [N, D], unit rows, without gradient.
 * @param queue Negatives [K, D], unit rows, without gradient and without the present keys.
 */
export function infoNceLoss(q: Tensor2D, k: Tensor2D, queue: Tensor2D, temperature: number): InfoNceLoss {
  const u = l2Normalise(q);
  const positive: Tensor2D = tf.sum(tf.mul(u, k), 1, true);
  const negative: Tensor2D = tf.matMul(u, queue, false, true);
  const contrast = tf.mean(logSumExpOfSimilarity(tf.concat([positive, negative], 1), temperature, null));
  const alignment: Scalar = tf.mul(tf.mean(positive), -1 / temperature);
  return { loss: tf.add(contrast, alignment), alignment, contrast: contrast as Scalar };
}
