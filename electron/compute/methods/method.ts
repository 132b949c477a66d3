import type { Scalar, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { must } from '../../base/assert.ts';
import type { Prng } from '../../base/prng.ts';
import type { MethodId } from '../../contract/catalog/ids.ts';
import type { ParameterValues } from '../../contract/catalog/parameters.ts';
import type { Encoder } from '../encoders/encoder.ts';
import type { VectorNetwork } from '../layers/network.ts';
import { trainingPass } from '../layers/pass.ts';
import type { Arrays, Shapes, Tree } from '../step.ts';

/** What a method is built for. */
export interface Context {
  readonly encoder: Encoder;
  readonly batch: number;
  readonly tile: number;
  /** The card's parameters, all of them. */
  readonly values: ParameterValues;
  /** What is trained besides the encoder, by prefix: `projector`, `predictor`. */
  readonly heads: Readonly<Record<string, VectorNetwork>>;
}

/** One differentiated run: weights as seen by this step, and where running statistics gather. */
export interface Run {
  readonly weights: Tree;
  readonly record: Tree;
  readonly view1: Tensor4D;
  readonly view2: Tensor4D;
  /** What `prepare` made. */
  readonly prepared: Tree;
}

export interface Objective {
  readonly loss: Scalar;
  /** Named as in the card. */
  readonly terms: Readonly<Record<string, Scalar>>;
  /** Encoder output of each view, and the embedding of view 1 that the loss saw; `h2` is null where view 2 has no query. */
  readonly h1: Tensor2D;
  readonly h2: Tensor2D | null;
  readonly z1: Tensor2D;
}

/** Parameters that follow another learning rate than the rest. */
export interface RateGroup {
  readonly hyper: string;
  covers(name: string, rank: number): boolean;
  readonly scale: number;
  /** Stays at the peak instead of following the schedule. */
  readonly constant: boolean;
}

/** State that is carried but not trained by gradient: MoCo's key network and queue. */
export interface Memory {
  readonly state: Shapes;
  /** Batch inputs besides the views. */
  readonly inputs: Shapes;
  init(initial: Arrays, prng: Prng): Arrays;
  /** The extra inputs of one step. */
  draw(prng: Prng): Arrays;
  readonly hyper: Readonly<Record<string, number>>;
  /** Before the gradient: the carried state after this step, and what the objective may use. */
  prepare(state: Tree, batch: Tree, hyper: Tree): { state: Tree; prepared: Tree };
}

/** A method is a record that composes heads, a loss and, where it has one, a memory. */
export interface Method {
  readonly id: MethodId;
  readonly zeroResidual: boolean;
  heads(encoder: Encoder, values: ParameterValues): Readonly<Record<string, VectorNetwork>>;
  objective(context: Context, run: Run): Objective;
  rates?(values: ParameterValues): readonly RateGroup[];
  memory?(context: Context): Memory;
}

/** Encoder and projector on one view: h [N, dim] and z [N, D]. Each view is a forward of its own, with its own statistics. */
export function project(
  context: Context,
  run: Run,
  view: Tensor4D,
  splits = 1,
): { h: Tensor2D; z: Tensor2D } {
  const h = context.encoder.forward(trainingPass(run.weights, 'encoder/', run.record, splits), view).pooled;
  const projector = must(context.heads.projector, 'projector');
  return { h, z: projector.forward(trainingPass(run.weights, 'projector/', run.record), h) as Tensor2D };
}

export const numberOf = (values: ParameterValues, id: string): number => {
  const value = values[id];
  return must(typeof value === 'number' ? value : undefined, `number parameter ${id}`);
};
export const isOn = (values: ParameterValues, id: string): boolean => {
  const value = values[id];
  return must(typeof value === 'boolean' ? value : undefined, `switch parameter ${id}`);
};
