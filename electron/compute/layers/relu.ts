import type { GradSaveFunc, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

const op = tf.customGrad((...inputs) => {
  const [x, save] = inputs as [Tensor, GradSaveFunc];
  const y = tf.relu(x);
  save([y]);
  return { value: y, gradFunc: (dy: Tensor, [out]: Tensor[]) => tf.mul(dy, tf.sign(out as Tensor)) };
});

/**
 * max(x, 0). The gradient is masked by the sign of the output, which is 0 or 1: one pass, and the input need not be kept.
 */
export function relu<T extends Tensor>(x: T): T {
  return op(x) as T;
}
