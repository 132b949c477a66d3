/** Convolutions on blocks, in one of two forms. */
import { must } from '../../../base/assert.ts';
import { pad, reshape, transpose } from '../../graph/emit.ts';
import { type Emitter, type Node, sizeOf, type Value } from '../../graph/graph.ts';
import { convolve, nearlyWhole, spread, wholeBlocks } from './operators.ts';

type Four = readonly [number, number, number, number];

/** Two spatial axes, no groups, whole blocks out, and whole blocks in or nearly. */
export function fitsConvolution({ op, domain, inputs, attributes }: Node, block: number): boolean {
  const [, weights] = inputs;
  if (op !== 'Conv' || domain !== '' || inputs.length !== 2 || weights?.shape.length !== 4) return false;
  const [o, i] = weights.shape as Four;
  return attributes.group === 1 && o % block === 0 && nearlyWhole(i, block);
}

/** `x` in blocks. @returns The convolution's result in blocks. */
export function convolution(emit: Emitter, node: Node, x: Value, block: number): Value {
  const y = must(node.outputs[0], 'output');
  const weights = weightsOf(emit, must(node.inputs[1], 'weights'), block);
  const isWide =
    sizeOf(weights.shape) > sizeOf(x.shape) && (node.attributes.strides as number[]).every((s) => s === 1);
  return isWide
    ? acrossImages(emit, node, x, weights, block)
    : convolve(emit, [x, weights], y.shape, node.attributes);
}

/**
 * The operator goes through all weights for every row of an image. Where the weights are larger than the map, the images
 * are laid side by side, column by column, so that a row has the pixels of all: 64×4×4×512 → 512 took 47 ms alone and 73
 * beside other programs, which share the cache; and so 40, transposes included. Columns of padding are written out.
 */
function acrossImages(emit: Emitter, node: Node, x: Value, weights: Value, block: number): Value {
  const [n, o, h, w] = must(node.outputs[0], 'output').shape as Four;
  const [top, left, bottom, right] = node.attributes.pads as [number, number, number, number];
  const [dy, dx] = node.attributes.dilations as [number, number];
  const padded = left + right > 0 ? spread(emit, x, { left, right }) : x;
  const [, c, height, width] = padded.shape as Four;
  const apart = reshape(emit, padded, [n, c / block, height, width, block]);
  const input = reshape(emit, transpose(emit, apart, [1, 2, 3, 0, 4]), [1, c, height, width * n]);
  const result = convolve(emit, [input, weights], [1, o, h, w * n], {
    ...node.attributes,
    dilations: [dy, dx * n],
    pads: [top, 0, bottom, 0],
  });
  const together = reshape(emit, result, [o / block, h, w, n, block]);
  return reshape(emit, transpose(emit, together, [3, 0, 1, 2, 4]), [n, o, h, w]);
}

/** Weights [O, I, h, w] in the operator's order, their last block filled with zeros. */
function weightsOf(emit: Emitter, weights: Value, block: number): Value {
  const [o, given, kh, kw] = weights.shape as Four;
  const i = wholeBlocks(given, block);
  const filled = pad(emit, weights, [0, 0, 0, 0], [0, i - given, 0, 0]);
  const split = reshape(emit, filled, [o / block, block, i / block, block, kh, kw]);
  return reshape(emit, transpose(emit, split, [0, 2, 4, 5, 3, 1]), [o, i, kh, kw]);
}
