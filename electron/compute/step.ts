/**
 * What a training step is to everyone: a pure function of named tensors. The engine runs it, eagerly or compiled;
 * nothing in it may read a value (no dataSync), a clock or a random number.
 */
import type { Tensor } from '@tensorflow/tfjs-core';

/** Named tensors. Names are paths such as `encoder/stem/conv/w`, and are the keys of a checkpoint. */
export type Tree = Record<string, Tensor>;

/** A named float32 array with its shape: a tensor outside the engine. */
export interface NdArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
export type Arrays = Record<string, NdArray>;

export type Shapes = Record<string, readonly number[]>;

/**
 * `(state, batch, hyper) → (state, metrics)`. `state` holds all that changes: weights, BN statistics, optimizer slots,
 * EMA copy, queue; the returned state has exactly the same names and shapes. `batch` holds what is read from the data.
 * `hyper` holds scalars that change from step to step (learning rate, momentum …), each of shape [].
 * All tensors are float32. Metrics are scalars or small vectors.
 */
export type StepFunction = (state: Tree, batch: Tree, hyper: Tree) => { state: Tree; metrics: Tree };

/** A step with what is needed to trace it: every shape is fixed when it is compiled. */
export interface StepSpec {
  /** For messages: `vicreg/dense-64`. */
  readonly name: string;
  readonly state: Shapes;
  readonly batch: Shapes;
  readonly hyper: readonly string[];
  readonly run: StepFunction;
}

/** A pure function without state to update: `(weights, inputs) → outputs`. Shapes are fixed when it is compiled. */
export interface ForwardSpec {
  readonly name: string;
  readonly weights: Shapes;
  readonly inputs: Shapes;
  readonly run: (weights: Tree, inputs: Tree) => Tree;
}
