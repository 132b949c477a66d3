import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** 1 off the diagonal, 0 on it, [n, n]: made from two ranges, so that a compiled step holds 2n constants, not n². */
export function offDiagonal(n: number): Tensor2D {
  const index = tf.range(0, n, 1, 'float32');
  const apart = tf.abs(tf.sub(tf.reshape(index, [n, 1]), tf.reshape(index, [1, n])));
  return tf.minimum(apart, 1);
}
