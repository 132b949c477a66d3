import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { must } from '../../base/assert.ts';
import { isVector, type Optimizer } from './optimizer.ts';

const norm = (t: Tensor): Tensor => tf.sqrt(tf.sum(tf.square(t)));

/**
 * LARS (You et al. 2017) as in Barlow Twins, VICReg and MoCo v3: g += wd·w; g *= η‖w‖/‖g‖ where both are positive;
 * v = m·v + g; w −= lr·v. One-dimensional parameters are neither decayed nor adapted.
 * @param clipped The form for small images: the ratio is η‖w‖ / (‖g‖ + wd‖w‖) with the norm of the bare gradient, and
 * the local rate never exceeds the global one. Use η = 0.02 with it.
 */
export function lars(
  weightDecay: number,
  {
    eta = 0.001,
    momentum = 0.9,
    clipped = false,
  }: { eta?: number; momentum?: number; clipped?: boolean } = {},
): Optimizer {
  /** 0 or 1: whether a norm is positive. */
  const positive = (t: Tensor): Tensor => tf.sign(t);
  const adapt = (parameter: Tensor, gradient: Tensor, rate: Tensor): Tensor => {
    const decayed = tf.add(gradient, tf.mul(parameter, weightDecay));
    const size = norm(parameter);
    const slope = clipped ? tf.add(norm(gradient), tf.mul(size, weightDecay)) : norm(decayed);
    const both = tf.mul(positive(size), positive(slope));
    // Where the slope is zero, 1 is added to it: the quotient is then unused, and never a division by zero.
    let ratio = tf.div(tf.mul(size, eta), tf.add(slope, tf.sub(1, positive(slope))));
    if (clipped) ratio = tf.minimum(tf.div(ratio, tf.maximum(rate, 1e-12)), 1);
    return tf.mul(decayed, tf.add(tf.mul(both, ratio), tf.sub(1, both)));
  };
  return {
    slots: ['velocity'],
    hyper: [],
    hyperAt: () => ({}),
    update(parameter, gradient, slots, rate) {
      const step = isVector(parameter) ? gradient : adapt(parameter, gradient, rate);
      const velocity = tf.add(tf.mul(must(slots.velocity, 'velocity'), momentum), step);
      return { parameter: tf.sub(parameter, tf.mul(velocity, rate)), slots: { velocity } };
    },
  };
}
