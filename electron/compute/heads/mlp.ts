/** Fully connected networks on vectors, as lists: the projectors, predictors and small classifiers are data. */

import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { assert } from '../../base/assert.ts';
import { filled, uniform } from '../layers/arrays.ts';
import type { VectorNetwork } from '../layers/network.ts';
import { type Pass, recordStatistics, weight } from '../layers/pass.ts';
import { relu } from '../layers/relu.ts';
import { standardise } from '../layers/standardise.ts';
import type { NdArray } from '../step.ts';

export interface Dense {
  readonly out: number;
  readonly bias: boolean;
  /** `plain`: neither gamma nor beta (torch's affine=False); `scale`: gamma only; `affine`: both. */
  readonly norm: 'none' | 'plain' | 'scale' | 'affine';
  readonly relu: boolean;
}

export function buildMlp(input: number, layers: readonly Dense[]): VectorNetwork {
  const parameters: Record<string, readonly number[]> = {};
  const statistics: Record<string, readonly number[]> = {};
  let from = input;
  layers.forEach((layer, i) => {
    parameters[`${i}/w`] = [from, layer.out];
    if (layer.bias) parameters[`${i}/b`] = [layer.out];
    if (layer.norm === 'scale' || layer.norm === 'affine') parameters[`${i}/gamma`] = [layer.out];
    if (layer.norm === 'affine') parameters[`${i}/beta`] = [layer.out];
    if (layer.norm !== 'none') {
      statistics[`${i}/mean`] = [layer.out];
      statistics[`${i}/variance`] = [layer.out];
    }
    from = layer.out;
  });

  return {
    parameters,
    statistics,
    dim: from,
    init(prng) {
      const arrays: Record<string, NdArray> = {};
      let fanIn = input;
      for (const [name, shape] of Object.entries(parameters)) {
        if (name.endsWith('/w')) fanIn = shape[0] ?? input;
        // torch's default for a linear layer, which the official codes keep: uniform within 1 / √fan-in.
        const linear = name.endsWith('/w') || name.endsWith('/b');
        arrays[name] = linear
          ? uniform(shape, 1 / Math.sqrt(fanIn), prng)
          : filled(shape, name.endsWith('gamma') ? 1 : 0);
      }
      for (const [name, shape] of Object.entries(statistics))
        arrays[name] = filled(shape, name.endsWith('mean') ? 0 : 1);
      return arrays;
    },
    forward: (pass, x) => layers.reduce((y, layer, i) => runDense(pass, layer, String(i), y), x),
  };
}

function runDense(pass: Pass, layer: Dense, name: string, x: Tensor): Tensor {
  let y: Tensor = tf.matMul(x as Tensor2D, weight<Tensor2D>(pass, `${name}/w`));
  if (layer.bias) y = tf.add(y, weight(pass, `${name}/b`));
  if (layer.norm !== 'none') {
    assert(pass.normalise === 'batch', 'A projector is only run in training');
    const normal = standardise(y as Tensor2D);
    recordStatistics(pass, name, normal.mean, normal.variance);
    y = normal.y;
    if (layer.norm !== 'plain') y = tf.mul(y, weight(pass, `${name}/gamma`));
    if (layer.norm === 'affine') y = tf.add(y, weight(pass, `${name}/beta`));
  }
  return layer.relu ? relu(y) : y;
}
