/**
 * The gradient of a filter as a convolution itself, on blocks: images take the place of channels (they are what is summed
 * over), the output's gradient the place of the filter, and the input's columns and channels together are one axis:
 *
 *     dW[o; ky, (kx, c)] = Σ over n, y, x of dy[o, n; y, x] · input[n; s·y + ky, (s·x + kx, c)]
 *
 * So it runs at the speed of the forward convolution: 128×32×32×16 → 16 takes 6 ms on one thread of a Zen 4, 64×32×32×64 →
 * 64 takes 44 ms, where shifted copies and one matrix product took 20 and 80. Rows of padding are the operator's, columns
 * are written out, since it is slow at them.
 */
import { must } from '../../../base/assert.ts';
import { one, pad, reshape, slice, transpose } from '../../graph/emit.ts';
import { type Emitter, type Node, sizeOf, type Value } from '../../graph/graph.ts';
import {
  convolve,
  nearlyWhole,
  reorderChannelsLast,
  reorderInput,
  spread,
  wholeBlocks,
} from './operators.ts';

type Four = readonly [number, number, number, number];

/** Pieces of work that keep a few threads evenly busy. */
const wantedPieces = 24;
/** Blocks of output channels that the operator takes at once. */
const blocksAtOnce = 4;

/** Whether a `FilterGradient` (see `trace/kernels/conv.ts`) can be done so. */
export function fitsBlocks({ inputs, attributes }: Node, block: number): boolean {
  const [x, dy] = inputs;
  if (!x || !dy || x.shape.length !== 4) return false;
  const [n, o] = dy.shape as Four;
  if (o % block !== 0 || !nearlyWhole(n, block)) return false;
  if ((attributes.dilations as number[]).some((d) => d !== 1)) return false;
  return isPointwise(attributes) || after(x, dy, attributes).every((p) => p >= 0);
}

const isPointwise = ({ kernel_shape: kernel, pads }: Node['attributes']): boolean =>
  (kernel as number[]).every((k) => k === 1) && (pads as number[]).every((p) => p === 0);

/** Rows below and columns to the right that the last output looks at. */
function after(x: Value, dy: Value, { kernel_shape, strides, pads }: Node['attributes']): [number, number] {
  const side = (i: 0 | 1): number => {
    const [k, s, p] = [kernel_shape, strides, pads].map((list) => (list as number[])[i] as number) as [
      number,
      number,
      number,
    ];
    return (must(dy.shape[i + 2], 'size') - 1) * s + k - must(x.shape[i + 2], 'size') - p;
  };
  return [side(0), side(1)];
}

/** The input of the convolution, either as it is or in blocks, whichever there is. */
export type Source = { readonly plain: Value } | { readonly blocked: Value };

/** `dy` [N, O, h, w] in blocks. @returns [kh, kw, C, O]. */
export function filterGradient(emit: Emitter, node: Node, x: Source, dy: Value, block: number): Value {
  const [kh, kw, c, o] = must(node.outputs[0], 'gradient').shape as Four;
  const [n, , h, w] = dy.shape as Four;
  const pointwise = isPointwise(node.attributes);
  const given = must(node.inputs[0], 'input');
  const [top, left] = node.attributes.pads as [number, number];
  const [bottom, right] = pointwise ? [0, 0] : after(given, dy, node.attributes);
  const stride = node.attributes.strides as [number, number];
  // A filter of one pixel sees only every stride-th: the rest is left out at once.
  const [sy, sx] = pointwise ? [1, 1] : stride;
  const seen = columnsOf(emit, x, block, { left, right, stride: pointwise ? stride : [1, 1] });
  const [, height, width] = seen.shape as Four;
  const images = wholeBlocks(n, block);
  const input = reshape(emit, byImages(emit, seen, block), [1, images, height, width * c]);
  const groups = groupsOf(dy, kh * kw * c * o, kh, block);
  const filter = filterOf(emit, dy, groups, block);
  const result = convolve(emit, [input, filter], [1, groups * o, kh, kw * c], {
    kernel_shape: [h, w],
    dilations: [sy, sx * c],
    pads: [top, 0, bottom, 0],
    group: groups,
  });
  const parts = reshape(emit, result, [groups, o, kh, kw * c]);
  const shape = [1, o, kh, kw * c];
  const sum = groups === 1 ? parts : one(emit, 'ReduceSum', [parts], shape, { axes: [0], keepdims: 1 });
  return reshape(emit, reorderChannelsLast(emit, sum, block), [kh, kw, c, o]);
}

/** [N, H, W + left + right, C]. */
function columnsOf(
  emit: Emitter,
  x: Source,
  block: number,
  { left, right, stride }: { left: number; right: number; stride: readonly [number, number] },
): Value {
  const moves = left + right > 0 || stride.some((s) => s > 1);
  if ('blocked' in x) {
    const seen = moves ? spread(emit, x.blocked, { stride, left, right }) : x.blocked;
    return reorderChannelsLast(emit, seen, block);
  }
  const last = transpose(emit, x.plain, [0, 2, 3, 1]);
  const [, h, w] = last.shape as Four;
  const picked = slice(emit, last, [1, 2], [0, 0], [h, w], stride);
  return pad(emit, picked, [0, 0, left, 0], [0, 0, right, 0]);
}

/** [N, …] with the images in blocks and innermost: [1, N', 1, …]. */
function byImages(emit: Emitter, x: Value, block: number): Value {
  const n = must(x.shape[0], 'images');
  return reorderInput(emit, reshape(emit, x, [1, n, 1, sizeOf(x.shape) / n]), block);
}

/** How many parts the images are summed in: all blocks apart, unless the sums would be larger than the gradient. */
function groupsOf(dy: Value, weights: number, rows: number, block: number): number {
  const [n, o] = dy.shape as Four;
  const all = wholeBlocks(n, block) / block;
  if (all * weights <= sizeOf(dy.shape)) return all;
  const pieces = Math.ceil(o / block / blocksAtOnce) * rows;
  for (let groups = 1; groups < all; groups++) {
    if (all % groups === 0 && groups * pieces >= wantedPieces) return groups;
  }
  return all;
}

/** Blocks [N, O, h, w] as weights [groups · O, N' / groups, h, w] in the operator's order. */
function filterOf(emit: Emitter, dy: Value, groups: number, block: number): Value {
  const [n, o, h, w] = dy.shape as Four;
  const images = wholeBlocks(n, block);
  const inner = byImages(emit, dy, block);
  const shape = [(images * o * h * w) / block ** 2, block, 1, block];
  // The two innermost axes of `block` elements change places.
  const turned = reorderInput(emit, reshape(emit, inner, shape), block);
  const apart = reshape(emit, turned, [groups, images / block / groups, o / block, h * w * block ** 2]);
  return reshape(emit, transpose(emit, apart, [0, 2, 1, 3]), [groups * o, images / groups, h, w]);
}
