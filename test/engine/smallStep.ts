/**
 * A small network with all that a training step has: convolutions of two strides, batch statistics, momentum, loss.
 * `wideStep` has enough channels and images for the processor's blocks.
 */
import '../../electron/compute/gradients/register.ts';
import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { prngFrom } from '../../electron/base/prng.ts';
import type { Arrays, Shapes, StepSpec, Tree } from '../../electron/compute/step.ts';

const parametersOf = (stem: number, down: number): Shapes => ({
  'stem/w': [3, 3, 4, stem],
  'stem/gamma': [stem],
  'stem/beta': [stem],
  'down/w': [3, 3, stem, down],
  'down/gamma': [down],
  'down/beta': [down],
  'skip/w': [1, 1, stem, down],
  'head/w': [down, 5],
});
const at = (tree: Tree, name: string): Tensor => tree[name] as Tensor;

function normalise(x: Tensor, gamma: Tensor, beta: Tensor): { y: Tensor; mean: Tensor } {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, 1e-5)));
  return { y: tf.add(tf.mul(tf.sub(x, mean), scale), beta), mean };
}

function lossOf(p: Tree, x: Tensor, labels: Tensor): { loss: Scalar; mean: Tensor } {
  const stem = normalise(
    tf.conv2d(x as Tensor4D, at(p, 'stem/w') as Tensor4D, 1, 'same'),
    at(p, 'stem/gamma'),
    at(p, 'stem/beta'),
  );
  const h = tf.relu(stem.y) as Tensor4D;
  const down = normalise(
    tf.conv2d(h, at(p, 'down/w') as Tensor4D, 2, 'same'),
    at(p, 'down/gamma'),
    at(p, 'down/beta'),
  );
  const skip = tf.conv2d(h, at(p, 'skip/w') as Tensor4D, 2, 'same');
  const pooled = tf.mean(tf.relu(tf.add(down.y, skip)), [1, 2]) as Tensor2D;
  const logits = tf.matMul(pooled, at(p, 'head/w') as Tensor2D);
  const loss = tf.neg(tf.mean(tf.sum(tf.mul(labels, tf.logSoftmax(logits)), 1))) as Scalar;
  return { loss, mean: stem.mean };
}

function stepOf(name: string, batch: number, parameters: Shapes): StepSpec {
  const names = Object.keys(parameters);
  return {
    name,
    state: {
      ...parameters,
      ...Object.fromEntries(names.map((n) => [`momentum/${n}`, parameters[n] as readonly number[]])),
      untouched: [3],
    },
    batch: { x: [batch, 8, 7, 4], labels: [batch, 5] },
    hyper: ['lr', 'momentum'],
    run(state, inputs, hyper) {
      const f = (...values: Tensor[]) =>
        lossOf(
          Object.fromEntries(names.map((n, i) => [n, values[i] as Tensor])),
          at(inputs, 'x'),
          at(inputs, 'labels'),
        ).loss;
      const { value, grads } = tf.valueAndGrads(f)(names.map((n) => at(state, n)));
      const next: Tree = { untouched: at(state, 'untouched') };
      names.forEach((n, i) => {
        const slot = tf.add(tf.mul(at(state, `momentum/${n}`), at(hyper, 'momentum')), grads[i] as Tensor);
        next[`momentum/${n}`] = slot;
        next[n] = tf.sub(at(state, n), tf.mul(slot, at(hyper, 'lr')));
      });
      return { state: next, metrics: { loss: value } };
    },
  };
}

export const smallStep = stepOf('test/small', 6, parametersOf(8, 12));
export const wideStep = stepOf('test/wide', 16, parametersOf(16, 32));

const filled = (shape: readonly number[], f: (i: number) => number) => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => f(i)),
});

export function smallState(step = smallStep): Arrays {
  return Object.fromEntries(
    Object.entries(step.state).map(([name, shape]) => {
      const random = prngFrom('small', name);
      const value = name.startsWith('momentum')
        ? () => 0
        : name.endsWith('gamma')
          ? () => 1
          : () => random.normal() * 0.3;
      return [name, filled(shape, value)];
    }),
  );
}

export function smallBatch(step: number, of = smallStep): Arrays {
  const random = prngFrom('batch', step);
  const batch = of.batch.x?.[0] as number;
  return {
    x: filled([batch, 8, 7, 4], () => random.normal()),
    labels: filled([batch, 5], (i) => (i % 5 === Math.floor(i / 5) % 5 ? 1 : 0)),
  };
}
export const smallHyper = { lr: 0.1, momentum: 0.9 };
