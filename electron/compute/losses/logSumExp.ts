import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * log Σⱼ maskⱼ·exp(sⱼ / T) per row, for similarities s of unit vectors. As s ≤ 1, shifting by 1 / T keeps every
 * exponential in [e^(−2/T), 1]: exact in float32 without a search for the maximum.
 * @param similarity [N, M]. @param mask [N, M] of 0 and 1, or null. @returns [N]
 */
export function logSumExpOfSimilarity(
  similarity: Tensor2D,
  temperature: number,
  mask: Tensor2D | null,
): Tensor {
  const terms = tf.exp(tf.mul(tf.sub(similarity, 1), 1 / temperature));
  return tf.add(tf.log(tf.sum(mask ? tf.mul(terms, mask) : terms, 1)), 1 / temperature);
}
