import type { Tensor } from '@tensorflow/tfjs-core';
import type { Prng } from '../../base/prng.ts';
import type { Arrays, Shapes } from '../step.ts';
import type { Pass } from './pass.ts';

/** A part of a model: its weights by name, and what it does with them. Names are relative to `pass.prefix`. */
export interface Network {
  /** Trained by gradient. */
  readonly parameters: Shapes;
  /** Running statistics, recorded in training. */
  readonly statistics: Shapes;
  /** Parameters and statistics, fresh. */
  init(prng: Prng): Arrays;
}

export interface VectorNetwork extends Network {
  readonly dim: number;
  /** [N, in] → [N, dim] */
  forward(pass: Pass, x: Tensor): Tensor;
}
