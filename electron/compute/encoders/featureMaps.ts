import type { Tensor4D } from '@tensorflow/tfjs-core';
import { must } from '../../base/assert.ts';
import { under } from '../layers/arrays.ts';
import { inferencePass } from '../layers/pass.ts';
import type { Arrays, ForwardSpec } from '../step.ts';
import type { Encoder } from './encoder.ts';

export interface Inference {
  readonly spec: ForwardSpec;
  readonly dim: number;
  /** The spec's weights from a checkpoint (`encoder/…`): normalisation folded in. */
  weightsFrom(state: Arrays): Arrays;
}
export interface DenseFeatures extends Inference {
  /** Pixels that the input reaches beyond the block on each side. */
  readonly halo: number;
}

/**
 * Per-pixel features of a block at native resolution. Input `tile` [N, height + 2·halo, width + 2·halo, bands],
 * normalised; output `features` [N, height, width, dim]. No padding anywhere, so a block-wise map equals the map of the
 * whole image; strides become dilations, so every pixel has the feature of the window centred on it.
 */
export function denseFeatures(options: {
  readonly encoder: Encoder;
  readonly height: number;
  readonly width: number;
  readonly count?: number;
}): DenseFeatures {
  const { encoder, height, width, count = 1 } = options;
  const { halo } = encoder;
  return {
    halo,
    dim: encoder.dim,
    spec: {
      name: `map/${encoder.id}`,
      weights: encoder.folded,
      inputs: { tile: [count, height + 2 * halo, width + 2 * halo, encoder.bands] },
      run(weights, inputs) {
        const tile = must(inputs.tile, 'tile') as Tensor4D;
        return { features: encoder.forward(inferencePass(weights, '', 'map'), tile).map };
      },
    },
    weightsFrom: (state) => encoder.fold(under('encoder/', state)),
  };
}

/** Features of whole tiles as in training. Input `tile` [N, side, side, bands]; output `features` [N, dim]. */
export function tileFeatures(encoder: Encoder, side: number, count: number): Inference {
  return {
    dim: encoder.dim,
    spec: {
      name: `tiles/${encoder.id}`,
      weights: encoder.folded,
      inputs: { tile: [count, side, side, encoder.bands] },
      run(weights, inputs) {
        const tile = must(inputs.tile, 'tile') as Tensor4D;
        return { features: encoder.forward(inferencePass(weights, '', 'tile'), tile).pooled };
      },
    },
    weightsFrom: (state) => encoder.fold(under('encoder/', state)),
  };
}
