import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** −mean log softmax of the true class. @param logits [N, K]. @param target [N, K], one 1 per row. */
export function crossEntropy(logits: Tensor2D, target: Tensor2D): Scalar {
  return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), target), 1)));
}
