import * as tf from '@tensorflow/tfjs-core';
import { must } from '../../base/assert.ts';
import { isVector, type Optimizer } from './optimizer.ts';

/**
 * AdamW (Loshchilov and Hutter 2019, algorithm 2): m and v are running moments of the gradient, corrected for their
 * start at zero; decay acts on the weights apart from the gradient, scaled by the learning rate. One-dimensional
 * parameters are not decayed. The corrections 1 − βᵗ are scalars from outside, so the state holds no counter.
 */
export function adamw(
  weightDecay: number,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: { beta1?: number; beta2?: number; epsilon?: number } = {},
): Optimizer {
  return {
    slots: ['m', 'v'],
    hyper: ['correction1', 'correction2'],
    hyperAt: (step) => ({ correction1: 1 - beta1 ** (step + 1), correction2: 1 - beta2 ** (step + 1) }),
    update(parameter, gradient, slots, rate, hyper) {
      const m = tf.add(tf.mul(must(slots.m, 'm'), beta1), tf.mul(gradient, 1 - beta1));
      const v = tf.add(tf.mul(must(slots.v, 'v'), beta2), tf.mul(tf.square(gradient), 1 - beta2));
      const spread = tf.add(tf.sqrt(tf.div(v, must(hyper.correction2, 'correction2'))), epsilon);
      const step = tf.div(tf.div(m, must(hyper.correction1, 'correction1')), spread);
      const decay = isVector(parameter) ? 0 : weightDecay;
      const kept = decay > 0 ? tf.mul(parameter, tf.sub(1, tf.mul(rate, decay))) : parameter;
      return { parameter: tf.sub(kept, tf.mul(step, rate)), slots: { m, v } };
    },
  };
}
