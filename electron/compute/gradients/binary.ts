/** Gradients of elementwise kernels of several inputs; each is summed back over the axes that were broadcast. */

import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Gradient, sumTo } from './gradient.ts';

type Rule = (dy: Tensor, a: Tensor, b: Tensor, y: Tensor) => { a: () => Tensor; b: () => Tensor };

const binary = (kernel: string, rule: Rule, output = false): Gradient => ({
  kernel,
  inputs: ['a', 'b'],
  output,
  of: (dy, saved) => {
    const [a, b, y] = saved as [Tensor, Tensor, Tensor];
    const gradients = rule(dy, a, b, y);
    return { a: () => sumTo(gradients.a(), a.shape), b: () => sumTo(gradients.b(), b.shape) };
  },
});

const when = (dy: Tensor, condition: Tensor): Tensor => tf.mul(dy, tf.cast(condition, 'float32'));

export const binaryGradients: readonly Gradient[] = [
  binary('Add', (dy) => ({ a: () => dy, b: () => dy })),
  binary('Sub', (dy) => ({ a: () => dy, b: () => tf.neg(dy) })),
  binary('Multiply', (dy, a, b) => ({
    a: () => tf.mul(dy, tf.cast(b, 'float32')),
    b: () => tf.mul(dy, tf.cast(a, 'float32')),
  })),
  binary('RealDiv', (dy, a, b) => ({
    a: () => tf.div(dy, b),
    b: () => tf.neg(tf.div(tf.mul(dy, a), tf.square(b))),
  })),
  binary('SquaredDifference', (dy, a, b) => ({
    a: () => tf.mul(dy, tf.mul(2, tf.sub(a, b))),
    b: () => tf.mul(dy, tf.mul(2, tf.sub(b, a))),
  })),
  // Ties go to a, so that the two gradients always sum to dy.
  binary('Maximum', (dy, a, b) => ({
    a: () => when(dy, tf.greaterEqual(a, b)),
    b: () => when(dy, tf.less(a, b)),
  })),
  binary('Minimum', (dy, a, b) => ({
    a: () => when(dy, tf.lessEqual(a, b)),
    b: () => when(dy, tf.greater(a, b)),
  })),
  binary(
    'Pow',
    (dy, a, b, y) => ({
      a: () => tf.mul(dy, tf.mul(b, tf.pow(a, tf.sub(b, 1)))),
      // The logarithm of a base ≤ 0 is not real: no gradient flows to the exponent there.
      b: () => tf.mul(dy, tf.mul(y, tf.where(tf.greater(a, 0), tf.log(a), tf.zerosLike(a)))),
    }),
    true,
  ),
  binary('Atan2', (dy, a, b) => ({
    a: () => tf.mul(dy, tf.div(b, tf.add(tf.square(a), tf.square(b)))),
    b: () => tf.neg(tf.mul(dy, tf.div(a, tf.add(tf.square(a), tf.square(b))))),
  })),
  binary('Mod', (dy, a, b) => ({ a: () => dy, b: () => tf.neg(tf.mul(dy, tf.floor(tf.div(a, b)))) })),
  binary('FloorDiv', (dy) => ({ a: () => tf.zerosLike(dy), b: () => tf.zerosLike(dy) })),
  // A condition that depends on x: a step, flat on both sides.
  ...['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr'].map(
    (name) => binary(name, (dy) => ({ a: () => tf.zeros(dy.shape), b: () => tf.zeros(dy.shape) })),
  ),
  {
    kernel: 'AddN',
    inputs: 'all',
    of: (dy, saved) => Object.fromEntries(saved.map((_, i) => [String(i), () => tf.clone(dy)])),
  },
  {
    kernel: 'Prelu',
    inputs: ['x', 'alpha'],
    of: (dy, saved) => {
      const [x, alpha] = saved as [Tensor, Tensor];
      const positive = () => tf.greater(x, 0);
      return {
        x: () => tf.where(positive(), dy, tf.mul(dy, alpha)),
        alpha: () => sumTo(tf.where(positive(), tf.zerosLike(dy), tf.mul(dy, x)), alpha.shape),
      };
    },
  },
  {
    kernel: 'Select',
    inputs: ['condition'],
    of: (dy, [condition]) => {
      const mask = tf.cast(condition as Tensor, 'float32');
      return {
        condition: () => tf.zeros(mask.shape),
        t: () => tf.mul(dy, mask),
        e: () => tf.mul(dy, tf.sub(1, mask)),
      };
    },
  },
];
