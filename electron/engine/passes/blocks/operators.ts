/**
 * onnxruntime's operators for the processor on channels in blocks (`com.microsoft.nchwc`): an array [N, C, H, W] whose
 * memory is [N, C/B, H, W, B], with B the processor's block. They run on all threads, which Pad, Concat, Slice, Transpose
 * and most reductions of onnxruntime do not. Shapes are written as [N, C, H, W] with C in whole blocks.
 */
import { must } from '../../../base/assert.ts';
import { reshape } from '../../graph/emit.ts';
import { type Attributes, type Emitter, sizeOf, uniform, type Value } from '../../graph/graph.ts';

const domain = 'com.microsoft.nchwc';
type Four = readonly [number, number, number, number];

export const wholeBlocks = (channels: number, block: number): number => Math.ceil(channels / block) * block;

/** Whether `n` fills its blocks nearly; the operator wants a multiple of four, and fills the last block with zeros. */
export const nearlyWhole = (n: number, block: number): boolean =>
  n % 4 === 0 && n / wholeBlocks(n, block) >= 0.75;

function operator(
  emit: Emitter,
  op: string,
  inputs: Value[],
  shape: readonly number[],
  a: Attributes = {},
): Value {
  return must(emit.node(op, inputs, a, [{ shape }], domain)[0], op);
}

/** [N, C, H, W] → blocks. */
export function reorderInput(emit: Emitter, x: Value, block: number): Value {
  const [n, c, h, w] = x.shape as Four;
  return operator(emit, 'ReorderInput', [x], [n, wholeBlocks(c, block), h, w]);
}

/** [N, H, W, C] → blocks; C in whole blocks. */
export function reorderFromLast(emit: Emitter, x: Value): Value {
  const [n, h, w, c] = x.shape as Four;
  return operator(emit, 'ReorderInput', [x], [n, c, h, w], { channels_last: 1 });
}

/** Blocks → [N, C, H, W]. */
export function reorderOutput(emit: Emitter, x: Value): Value {
  return operator(emit, 'ReorderOutput', [x], x.shape, { channels: must(x.shape[1], 'channels') });
}

/** Blocks → [N, H, W, C]; a single block is that already. */
export function reorderChannelsLast(emit: Emitter, x: Value, block: number): Value {
  const [n, c, h, w] = x.shape as Four;
  if (c === block) return reshape(emit, x, [n, h, w, c]);
  return operator(emit, 'ReorderOutput', [x], [n, h, w, c], { channels: c, channels_last: 1 });
}

/** A convolution of blocks. `weights` are in the operator's own order: [O/B, I/B, H, W, B of I, B of O]. */
export function convolve(
  emit: Emitter,
  inputs: readonly Value[],
  shape: readonly number[],
  { strides = [1, 1], dilations = [1, 1], pads = [0, 0, 0, 0], group = 1, ...rest }: Attributes,
): Value {
  const attributes = { strides, dilations, pads, group, ...rest };
  return operator(emit, 'Conv', [...inputs], shape, attributes);
}

export type Activation = 'Relu' | 'Step';
/** `Step` is 1 above zero and 0 at zero: so steep a slope, cut at 1. Nothing but 0 lies below 1e-30 in practice. */
const activations: Readonly<Record<Activation, Attributes>> = {
  Relu: { activation: 'Relu' },
  Step: { activation: 'HardSigmoid', activation_params: Float32Array.of(1e30, 0) },
};

export interface Scaling {
  /** One number per channel (C elements) or per image and channel (N·C). Absent: 1. */
  readonly scale?: Value | undefined;
  /** As many elements as `scale`. */
  readonly shift?: Value | undefined;
  /** Of x's shape. */
  readonly plus?: Value | undefined;
  readonly activation?: Activation | undefined;
}

/** `activation(x · scale + shift + plus)` in one pass over memory: a convolution of each channel with a single pixel. */
export function scaleShift(emit: Emitter, x: Value, { scale, shift, plus, activation }: Scaling): Value {
  const [n, c, h, w] = x.shape as Four;
  const each = Math.max(c, ...[scale, shift].map((v) => (v ? sizeOf(v.shape) : 0)));
  const viewed = [(n * c) / each, each, h, w];
  const inputs = [reshape(emit, x, viewed), channelWeights(emit, scale, each)];
  if (shift || plus) inputs.push(shift ? reshape(emit, shift, [each]) : uniform(0, [each]));
  if (plus) inputs.push(reshape(emit, plus, viewed));
  const attributes = { kernel_shape: [1, 1], group: each, ...(activation ? activations[activation] : {}) };
  return reshape(emit, convolve(emit, inputs, viewed, attributes), x.shape);
}

const channelWeights = (emit: Emitter, scale: Value | undefined, channels: number): Value =>
  scale ? reshape(emit, scale, [channels, 1, 1, 1]) : uniform(1, [channels, 1, 1, 1]);

/** Every `stride`-th pixel, with columns of zeros before and after. */
export function spread(
  emit: Emitter,
  x: Value,
  { stride = [1, 1], left = 0, right = 0 }: { stride?: readonly number[]; left?: number; right?: number },
): Value {
  const [n, c, h, w] = x.shape as Four;
  const [sy, sx] = stride as [number, number];
  const shape = [n, c, Math.ceil(h / sy), Math.ceil(w / sx) + left + right];
  return convolve(emit, [x, uniform(1, [c, 1, 1, 1])], shape, {
    kernel_shape: [1, 1],
    strides: stride,
    pads: [0, left, 0, right],
    group: c,
  });
}

/** Σ over the pixels of each image and channel: [N, C]. */
export function sumOfPixels(emit: Emitter, x: Value): Value {
  const [n, c, h, w] = x.shape as Four;
  const mean = operator(emit, 'GlobalAveragePool', [x], [n, c, 1, 1]);
  const pixels = uniform(h * w, []);
  return must(emit.node('Mul', [reshape(emit, mean, [n, c]), pixels], {}, [{ shape: [n, c] }])[0], 'sum');
}

/** Σ over the pixels of a · b, for each image and channel: [N, C]. The one is the filter of the other. */
export function sumOfProducts(emit: Emitter, a: Value, b: Value): Value {
  const [n, c, h, w] = a.shape as Four;
  const inputs = [reshape(emit, a, [1, n * c, h, w]), reshape(emit, b, [n * c, 1, h, w])];
  const attributes = { kernel_shape: [h, w], group: n * c };
  return reshape(emit, convolve(emit, inputs, [1, n * c, 1, 1], attributes), [n, c]);
}
