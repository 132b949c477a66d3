import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '../../base/errors.ts';
import type { Prng } from '../../base/prng.ts';
import type { EncoderId } from '../../contract/catalog/ids.ts';
import type { ParameterValues } from '../../contract/catalog/parameters.ts';
import { sizeOf } from '../layers/arrays.ts';
import type { Network } from '../layers/network.ts';
import type { Pass } from '../layers/pass.ts';
import type { Arrays, Shapes } from '../step.ts';
import { layersOf } from './architectures.ts';
import { runLayers } from './forward.ts';
import { flopsOf, type Geometry, geometryOf } from './geometry.ts';
import { place } from './layer.ts';
import { foldedShapes, foldOf, initOf, parametersOf, statisticsOf, unfoldOf } from './weights.ts';

/** An architecture for a number of bands. Everything but `id` and `bands` is computed from its list of layers. */
export interface Encoder extends Network, Geometry {
  readonly id: EncoderId;
  readonly bands: number;
  /** Features per pixel and per tile. */
  readonly dim: number;
  readonly parameterCount: number;
  init(prng: Prng, options?: { readonly zeroResidual?: boolean }): Arrays;
  /** @param x [N, H, W, bands]. `map` [N, H', W', dim]; `pooled` [N, dim], its mean over space. */
  forward(pass: Pass, x: Tensor4D): { map: Tensor4D; pooled: Tensor2D };
  /** Forward operations for one tile, or with `dense` for a block of a map. */
  flops(height: number, width: number, options?: { readonly dense?: boolean }): number;
  /** Shapes of the folded weights, by names without prefix. */
  readonly folded: Shapes;
  /** Weights and statistics (without prefix) as convolutions with a bias. */
  fold(arrays: Arrays): Arrays;
  /** Folded weights as weights and statistics that fold to the same: a fine-tuned encoder is stored like any other. */
  unfold(folded: Arrays): Arrays;
}

/** Throws AppError `bad-input` for a number of bands that is not a positive whole number, `usage` for bad values. */
export function buildEncoder(id: EncoderId, bands: number, values: ParameterValues = {}): Encoder {
  if (!Number.isInteger(bands) || bands < 1) {
    throw new AppError('bad-input', `An encoder needs at least one band, not ${bands}`, { subject: id });
  }
  const layers = layersOf(id, values);
  const parameters = parametersOf(layers, bands);
  return {
    id,
    bands,
    ...geometryOf(layers),
    dim: place(layers, bands).out,
    parameters,
    statistics: statisticsOf(layers, bands),
    parameterCount: Object.values(parameters).reduce((sum, shape) => sum + sizeOf(shape), 0),
    init: (prng, { zeroResidual = false } = {}) => initOf(layers, bands, prng, zeroResidual),
    forward(pass, x) {
      const map = runLayers(pass, layers, x);
      return { map, pooled: tf.mean(map, [1, 2]) };
    },
    flops: (height, width, { dense = false } = {}) => flopsOf(layers, bands, height, width, dense),
    folded: foldedShapes(layers, bands),
    fold: (arrays) => foldOf(layers, bands, arrays),
    unfold: (folded) => unfoldOf(layers, bands, folded),
  };
}
