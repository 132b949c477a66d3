import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { assert, must } from '../../base/assert.ts';
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
 * @param average Odd side of a window over which features are averaged; 1 for none. It widens the halo.
 */
export function denseFeatures(options: {
  readonly encoder: Encoder;
  readonly height: number;
  readonly width: number;
  readonly count?: number;
  readonly average?: number;
}): DenseFeatures {
  const { encoder, height, width, count = 1, average = 1 } = options;
  assert(average % 2 === 1, () => `A feature is averaged over an odd window, not ${average}`);
  const halo = encoder.halo + (average - 1) / 2;
  return {
    halo,
    dim: encoder.dim,
    spec: {
      name: `map/${encoder.id}`,
      weights: encoder.folded,
      inputs: { tile: [count, height + 2 * halo, width + 2 * halo, encoder.bands] },
      run(weights, inputs) {
        const tile = must(inputs.tile, 'tile') as Tensor4D;
        const { map } = encoder.forward(inferencePass(weights, '', 'map'), tile);
        return { features: boxAverage(map, average) };
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

/** Mean over a window × window neighbourhood, without padding: each side shrinks by window − 1. */
export function boxAverage(map: Tensor4D, window: number): Tensor4D {
  if (window === 1) return map;
  return tf.mul(slidingSum(slidingSum(map, 1, window), 2, window), 1 / window ** 2);
}

/** Sums of `window` neighbours along one axis by doubling: log₂(window) additions instead of window − 1. */
function slidingSum(map: Tensor4D, axis: 1 | 2, window: number): Tensor4D {
  const part = (t: Tensor4D, from: number, length: number): Tensor4D => {
    const begin: [number, number, number, number] = [0, 0, 0, 0];
    const size: [number, number, number, number] = [...t.shape];
    begin[axis] = from;
    size[axis] = length;
    return tf.slice(t, begin, size);
  };
  const total = map.shape[axis] - window + 1;
  let power = 1;
  let sums = map;
  let offset = 0;
  let result: Tensor4D | null = null;
  for (;;) {
    if (window & power) {
      const piece = part(sums, offset, total);
      result = result ? tf.add(result, piece) : piece;
      offset += power;
    }
    if (power * 2 > window) return must(result, 'a window');
    const length = sums.shape[axis] - power;
    sums = tf.add(part(sums, 0, length), part(sums, power, length));
    power *= 2;
  }
}
