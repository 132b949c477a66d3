/** What training a classifier takes, whatever stands before its logits: cross-entropy, AdamW, half a cosine. */

import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { must } from '../../base/assert.ts';
import { crossEntropy } from '../losses/crossEntropy.ts';
import { differentiate } from '../methods/differentiate.ts';
import { adamw } from '../optim/adamw.ts';
import { applyOptimizer, slotShapes } from '../optim/optimizer.ts';
import { cosineRate } from '../optim/schedule.ts';
import type { Shapes, StepSpec, Tree } from '../step.ts';

export interface ClassifierStep {
  readonly spec: StepSpec;
  /** Slots of the optimizer: zeros of these shapes belong to a fresh state. */
  readonly slots: Shapes;
  /** Scalars of step `step` (from 0) of `total`. */
  hyperAt(step: number, total: number): Record<string, number>;
}

export interface ClassifierOptions {
  readonly name: string;
  readonly parameters: Shapes;
  /** Shape of the batch input `x`. */
  readonly input: readonly number[];
  readonly classes: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Share of the learning rate that a parameter gets. */
  readonly share?: (name: string) => number;
  logits(parameters: Tree, x: tf.Tensor): Tensor2D;
}

/** Batch inputs `x` and `target` [B, classes], one 1 per row. Metrics: `loss` and `accuracy` on the batch. */
export function classifierStep(options: ClassifierOptions): ClassifierStep {
  const { parameters, input, classes, learningRate } = options;
  const optimizer = adamw(options.weightDecay);
  const slots = slotShapes(optimizer, parameters);
  const share = options.share ?? (() => 1);
  return {
    slots,
    spec: {
      name: options.name,
      state: { ...parameters, ...slots },
      batch: { x: input, target: [must(input[0], 'batch'), classes] },
      hyper: ['lr', ...optimizer.hyper],
      run(state, batch, hyper) {
        const trained = Object.fromEntries(
          Object.keys(parameters).map((name) => [name, must(state[name], name)]),
        );
        const target = must(batch.target, 'target') as Tensor2D;
        const { loss, aux, gradients } = differentiate(trained, (current) => {
          const logits = options.logits(current, must(batch.x, 'x'));
          return { loss: crossEntropy(logits, target), aux: { logits } };
        });
        const lr = must(hyper.lr, 'learning rate');
        const updated = applyOptimizer(optimizer, state, gradients, hyper, (name) => tf.mul(lr, share(name)));
        return {
          state: updated,
          metrics: { loss, accuracy: accuracyOf(must(aux.logits, 'logits'), target) },
        };
      },
    },
    hyperAt: (step, total) => ({
      lr: cosineRate({ peak: learningRate, warmup: 0, total, end: 0 }, step),
      ...optimizer.hyperAt(step),
    }),
  };
}

/** Share of rows whose largest logit is the target's. */
function accuracyOf(logits: tf.Tensor, target: Tensor2D): tf.Tensor {
  const best = tf.max(logits, 1, true);
  const own = tf.sum(tf.mul(logits, target), 1, true);
  return tf.mean(tf.cast(tf.greaterEqual(own, best), 'float32'));
}
