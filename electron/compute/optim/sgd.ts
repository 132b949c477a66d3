import * as tf from '@tensorflow/tfjs-core';
import { must } from '../../base/assert.ts';
import type { Optimizer } from './optimizer.ts';

/**
 * SGD with momentum as in torch: g += wd·w; v = m·v + g; w −= lr·v. Decays every parameter, biases and normalisation
 * too, as the official SimSiam and MoCo do.
 */
export function sgdMomentum(weightDecay: number, momentum = 0.9): Optimizer {
  return {
    slots: ['velocity'],
    hyper: [],
    hyperAt: () => ({}),
    update(parameter, gradient, slots, rate) {
      const decayed = weightDecay > 0 ? tf.add(gradient, tf.mul(parameter, weightDecay)) : gradient;
      const velocity = tf.add(tf.mul(must(slots.velocity, 'velocity'), momentum), decayed);
      return { parameter: tf.sub(parameter, tf.mul(velocity, rate)), slots: { velocity } };
    },
  };
}
