/** Gradients of reductions, softmax and cumulative sums. */

import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Attributes, Gradient } from './gradient.ts';

/** The reduced axes, and the input's shape with them set to 1. */
function reduced(x: Tensor, attributes: Attributes): { axes: number[]; kept: number[]; count: number } {
  // Max alone calls them reductionIndices.
  const axis = (attributes.axis ?? attributes.reductionIndices) as number | number[];
  const axes = tf.util.parseAxisParam(axis, x.shape);
  const kept = x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
  return { axes, kept, count: axes.reduce((n, axis) => n * (x.shape[axis] as number), 1) };
}

const spread = (dy: Tensor, x: Tensor, kept: number[]): Tensor =>
  tf.broadcastTo(tf.reshape(dy, kept), x.shape);

/** Equal extremes share the gradient as tfjs does: each gets all of it. */
const extreme = (kernel: string): Gradient => ({
  kernel,
  inputs: ['x'],
  output: true,
  of: (dy, saved, attributes) => {
    const [x, y] = saved as [Tensor, Tensor];
    const { kept } = reduced(x, attributes);
    return {
      x: () => tf.mul(tf.reshape(dy, kept), tf.cast(tf.equal(x, tf.reshape(y, kept)), 'float32')),
    };
  },
});

export const reductionGradients: readonly Gradient[] = [
  {
    kernel: 'Sum',
    inputs: ['x'],
    of: (dy, [x], attributes) => ({
      x: () => spread(dy, x as Tensor, reduced(x as Tensor, attributes).kept),
    }),
  },
  {
    kernel: 'Mean',
    inputs: ['x'],
    of: (dy, [x], attributes) => {
      const { kept, count } = reduced(x as Tensor, attributes);
      return { x: () => spread(tf.mul(dy, 1 / count), x as Tensor, kept) };
    },
  },
  extreme('Max'),
  extreme('Min'),
  {
    kernel: 'Prod',
    inputs: ['x'],
    output: true,
    of: (dy, saved, attributes) => {
      const [x, y] = saved as [Tensor, Tensor];
      const { kept } = reduced(x, attributes);
      // Wrong where an element is exactly 0; products of probabilities and scales are not.
      return { x: () => tf.div(tf.reshape(tf.mul(dy, y), kept), x) };
    },
  },
  {
    kernel: 'Softmax',
    output: true,
    of: (dy, [y]) => ({
      logits: () => {
        const weighted = tf.mul(dy, y as Tensor);
        return tf.sub(weighted, tf.mul(tf.sum(weighted, -1, true), y as Tensor));
      },
    }),
  },
  {
    kernel: 'Cumsum',
    of: (dy, _, { axis, exclusive, reverse }) => ({
      x: () => tf.cumsum(dy, axis as number, exclusive as boolean, !(reverse as boolean)),
    }),
  },
];
