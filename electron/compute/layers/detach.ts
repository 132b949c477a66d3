import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

const op = tf.customGrad((...inputs) => {
  const x = inputs[0] as Tensor;
  return { value: tf.clone(x), gradFunc: (dy: Tensor) => tf.zerosLike(dy) };
});

/** The same values, through which no gradient flows: the stop-gradient `sg(·)` of the papers. */
export function detach<T extends Tensor>(x: T): T {
  return op(x) as T;
}
