import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { assert } from '../../base/assert.ts';
import { batchNorm } from '../layers/batchNorm.ts';
import { type Pass, recordStatistics, weight } from '../layers/pass.ts';
import { relu } from '../layers/relu.ts';
import { radiusOf } from './geometry.ts';
import type { Conv, Layer, Residual, Spectrum } from './layer.ts';

/** A map on its way: dense passes dilate by the strides passed so far. */
interface Flow {
  readonly x: Tensor4D;
  readonly dilation: number;
}

function normaliseAndActivate(pass: Pass, conv: Conv, path: string, x: Tensor4D): Tensor4D {
  let y = x;
  if (conv.norm && pass.normalise === 'folded') y = tf.add(x, weight(pass, `${path}/b`));
  else if (conv.norm) {
    const gamma = weight<Tensor1D>(pass, `${path}/gamma`);
    const normal = batchNorm(x, gamma, weight<Tensor1D>(pass, `${path}/beta`), pass.splits);
    recordStatistics(pass, path, normal.mean, normal.variance);
    y = normal.y;
  }
  return conv.relu ? relu(y) : y;
}

function runConv(pass: Pass, conv: Conv, path: string, { x, dilation }: Flow): Flow {
  const stride = pass.dense ? 1 : conv.stride;
  const pad = pass.padding === 'valid' ? 'valid' : (conv.kernel - 1) / 2;
  assert(
    !(pass.dense && pass.padding === 'same'),
    'A dense pass takes its margin from the halo, not from padding',
  );
  const w = weight<Tensor4D>(pass, `${path}/w`);
  const y = tf.conv2d(x, w, stride, pad, 'NHWC', conv.kernel > 1 ? dilation : 1);
  return { x: normaliseAndActivate(pass, conv, path, y), dilation: pass.dense ? dilation * conv.stride : 1 };
}

/** What is left of x when a branch without padding has taken its radius off each side. */
function crop(x: Tensor4D, radius: number): Tensor4D {
  const [n, h, w, c] = x.shape;
  return radius === 0 ? x : tf.slice(x, [0, radius, radius, 0], [n, h - 2 * radius, w - 2 * radius, c]);
}

function runResidual(pass: Pass, block: Residual, flow: Flow): Flow {
  let main = flow;
  for (const conv of block.main) main = runConv(pass, conv, `${block.name}/${conv.name}`, main);
  const margin = pass.padding === 'valid' ? radiusOf(block.main, flow.dilation) : 0;
  const skip: Flow = { ...flow, x: crop(flow.x, margin) };
  const around = block.skip ? runConv(pass, block.skip, `${block.name}/${block.skip.name}`, skip) : skip;
  return { x: relu(tf.add(main.x, around.x)), dilation: main.dilation };
}

function runSpectrum(pass: Pass, block: Spectrum, flow: Flow): Flow {
  const [n, h, w, bands] = flow.x.shape;
  // Pixels become rows and the spectrum an axis of its own: [N, H·W, bands, 1].
  let y = tf.reshape(flow.x, [n, h * w, bands, 1]) as Tensor4D;
  for (const conv of block.convs) {
    const path = `${block.name}/${conv.name}`;
    const side = (conv.kernel - 1) / 2;
    const margin = [
      [0, 0],
      [0, 0],
      [side, side],
      [0, 0],
    ] as [[number, number], [number, number], [number, number], [number, number]];
    y = tf.conv2d(y, weight<Tensor4D>(pass, `${path}/w`), [1, conv.stride], margin);
    y = normaliseAndActivate(pass, conv, path, y);
  }
  const [, , length, depth] = y.shape;
  return { x: tf.reshape(y, [n, h, w, length * depth]) as Tensor4D, dilation: flow.dilation };
}

/** The map of features. @param x [N, H, W, bands]. @returns [N, H', W', D]. */
export function runLayers(pass: Pass, layers: readonly Layer[], x: Tensor4D): Tensor4D {
  let flow: Flow = { x, dilation: 1 };
  for (const layer of layers) {
    if (layer.kind === 'conv') flow = runConv(pass, layer, layer.name, flow);
    else if (layer.kind === 'residual') flow = runResidual(pass, layer, flow);
    else flow = runSpectrum(pass, layer, flow);
  }
  return flow.x;
}
