import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { must } from '../../base/assert.ts';
import type { Shapes, Tree } from '../step.ts';

/** One parameter's update, pure: slots are what the optimizer remembers of it, by name. */
export interface Optimizer {
  readonly slots: readonly string[];
  /** Scalars it needs besides the learning rate, and their values at step `step` (from 0). */
  readonly hyper: readonly string[];
  hyperAt(step: number): Record<string, number>;
  update(
    parameter: Tensor,
    gradient: Tensor,
    slots: Tree,
    rate: Tensor,
    hyper: Tree,
  ): { parameter: Tensor; slots: Tree };
}

/** Biases, gammas and betas: neither decayed nor adapted, except by plain SGD. */
export const isVector = (parameter: Tensor): boolean => parameter.rank < 2;

/** Slots start at zero, under `optimizer/<slot>/<parameter>`. */
export function slotShapes(optimizer: Optimizer, parameters: Shapes): Shapes {
  return Object.fromEntries(
    optimizer.slots.flatMap((slot) =>
      Object.entries(parameters).map(([name, shape]) => [`optimizer/${slot}/${name}`, shape]),
    ),
  );
}

/** New parameters and slots by full name, from the whole state. `rateOf` gives the learning rate of a parameter. */
export function applyOptimizer(
  optimizer: Optimizer,
  state: Tree,
  gradients: Tree,
  hyper: Tree,
  rateOf: (name: string, parameter: Tensor) => Tensor,
): Tree {
  const updated: Tree = {};
  for (const [name, gradient] of Object.entries(gradients)) {
    const parameter = must(state[name], name);
    const slots = Object.fromEntries(
      optimizer.slots.map((slot) => [slot, must(state[`optimizer/${slot}/${name}`], `slot of ${name}`)]),
    );
    const next = optimizer.update(parameter, gradient, slots, rateOf(name, parameter), hyper);
    updated[name] = next.parameter;
    for (const [slot, value] of Object.entries(next.slots)) updated[`optimizer/${slot}/${name}`] = value;
  }
  return updated;
}

/** √Σ‖g‖² over all gradients. */
export function gradientNorm(gradients: Tree): Tensor {
  const squares = Object.values(gradients).map((g) => tf.sum(tf.square(g)));
  return tf.sqrt(squares.reduce((a, b) => tf.add(a, b)));
}
