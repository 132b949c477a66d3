/** Convolutions forward and their input gradients, of two and three spatial axes. */
import { must } from '../../../base/assert.ts';
import { one, reshape, transpose } from '../../graph/emit.ts';
import type { Emitter, Value } from '../../graph/graph.ts';
import { permute } from '../../graph/perm.ts';
import { input, type KernelCall, type KernelTable } from '../kernel.ts';
import { depthwiseFilterGradient } from './depthwise.ts';
import {
  axisSize,
  channelsFirst,
  channelsLast,
  convolution,
  type Geometry,
  windowAttributes,
} from './geometry.ts';

/** [spatial …, I, O] → [O, I, spatial …]. */
const outputFirst = (rank: number): number[] => [
  rank - 1,
  rank - 2,
  ...Array.from({ length: rank - 2 }, (_, i) => i),
];
/** [spatial …, I, O] → [I, O, spatial …]. */
const inputFirst = (rank: number): number[] => [
  rank - 2,
  rank - 1,
  ...Array.from({ length: rank - 2 }, (_, i) => i),
];

/** Runs a channels-first operator on channels-last values. `shape` is the result's, channels last. */
function overChannelsFirst(
  emit: Emitter,
  op: string,
  x: Value,
  weights: Value,
  shape: readonly number[],
  attributes: Record<string, number | readonly number[]>,
): Value {
  const rank = x.shape.length;
  const inner = permute(shape, channelsFirst(rank));
  const result = one(emit, op, [transpose(emit, x, channelsFirst(rank)), weights], inner, attributes);
  return transpose(emit, result, channelsLast(rank));
}

function forward(call: KernelCall): Value {
  const [x, filter] = [input(call, 'x'), input(call, 'filter')];
  const g = convolution(x.shape, filter.shape, call.attributes);
  const weights = transpose(call.emit, filter, outputFirst(filter.shape.length));
  const attributes = { ...windowAttributes(g), dilations: g.dilation, group: 1 };
  return overChannelsFirst(call.emit, 'Conv', x, weights, g.outShape, attributes);
}

function inputGradient(call: KernelCall): Value {
  const [dy, filter] = [input(call, 'dy'), input(call, 'filter')];
  const shape = call.attributes.inputShape as number[];
  const g = convolution(shape, filter.shape, call.attributes);
  const flippedPads = (side: readonly number[]) => g.filter.map((f, i) => f - 1 - (side[i] as number));
  const [before, after] = [flippedPads(g.before), flippedPads(g.after)];
  if (g.stride.every((s) => s === 1) && [...before, ...after].every((p) => p >= 0)) {
    // A convolution with the flipped filter: faster than ConvTranspose (design, section 4).
    const weights = flip(call.emit, transpose(call.emit, filter, inputFirst(filter.shape.length)));
    return overChannelsFirst(call.emit, 'Conv', dy, weights, shape, {
      kernel_shape: g.filter,
      strides: g.stride,
      pads: [...before, ...after],
      dilations: g.dilation,
      group: 1,
    });
  }
  const weights = transpose(call.emit, filter, outputFirst(filter.shape.length));
  return overChannelsFirst(call.emit, 'ConvTranspose', dy, weights, shape, {
    ...windowAttributes(g),
    output_padding: outputPadding(g),
    dilations: g.dilation,
    group: 1,
  });
}

/** What the strides of the forward convolution left over at the end of each axis. */
const outputPadding = (g: Geometry): number[] =>
  g.input.map((size, i) => {
    const [out, f, s] = [g.output[i] as number, g.filter[i] as number, g.stride[i] as number];
    return (
      size -
      ((out - 1) * s +
        (f - 1) * (g.dilation[i] as number) +
        1 -
        (g.before[i] as number) -
        (g.after[i] as number))
    );
  });

/** Reverses the spatial axes of [O, I, spatial …]. */
function flip(emit: Emitter, weights: Value): Value {
  const axes = weights.shape.map((_, i) => i).filter((i) => i >= 2 && weights.shape[i] !== 1);
  if (axes.length === 0) return weights;
  return one(emit, 'Slice', [weights], weights.shape, {
    starts: axes.map(() => -1),
    ends: axes.map((a) => -(weights.shape[a] as number) - 1),
    axes,
    steps: axes.map(() => -1),
  });
}

/** [H, W, C, M] → [C·M, 1, H, W]: tfjs's output channel is c·M + m. */
function depthwiseWeights(emit: Emitter, filter: Value): Value {
  const [h, w, c, m] = filter.shape as [number, number, number, number];
  return reshape(emit, transpose(emit, filter, [2, 3, 0, 1]), [c * m, 1, h, w]);
}

export const convKernels: KernelTable = {
  Conv2D: forward,
  Conv3D: forward,
  Conv2DBackpropInput: inputGradient,
  Conv3DBackpropInputV2: inputGradient,
  Conv2DBackpropFilter: (call) => filterGradientOf(call),
  Conv3DBackpropFilterV2: (call) => filterGradientOf(call),
  DepthwiseConv2dNative: (call) => {
    const [x, filter] = [input(call, 'x'), input(call, 'filter')];
    const g = convolution(x.shape, filter.shape, call.attributes, true);
    const attributes = { ...windowAttributes(g), dilations: g.dilation, group: axisSize(x.shape, -1) };
    return overChannelsFirst(
      call.emit,
      'Conv',
      x,
      depthwiseWeights(call.emit, filter),
      g.outShape,
      attributes,
    );
  },
  DepthwiseConv2dNativeBackpropInput: (call) => {
    const [dy, filter] = [input(call, 'dy'), input(call, 'filter')];
    const shape = call.attributes.inputShape as number[];
    const g = convolution(shape, filter.shape, call.attributes, true);
    return overChannelsFirst(call.emit, 'ConvTranspose', dy, depthwiseWeights(call.emit, filter), shape, {
      ...windowAttributes(g),
      output_padding: outputPadding(g),
      dilations: g.dilation,
      group: axisSize(shape, -1),
    });
  },
  DepthwiseConv2dNativeBackpropFilter: (call) => {
    const [x, dy] = [input(call, 'x'), input(call, 'dy')];
    const shape = call.attributes.filterShape as number[];
    return depthwiseFilterGradient(
      call.emit,
      x,
      dy,
      shape,
      convolution(x.shape, shape, call.attributes, true),
    );
  },
};

/**
 * A node of our own, `FilterGradient(x, dy)`, channels first: [N, C, spatial …] and [N, O, spatial …] → [spatial filter …,
 * C, O]. The passes choose what it becomes (`passes/lowerFilterGradients.ts`, `passes/blocks/filterGradient.ts`).
 */
function filterGradientOf(call: KernelCall): Value {
  const { emit, attributes } = call;
  const [x, dy] = [input(call, 'x'), input(call, 'dy')];
  const shape = attributes.filterShape as number[];
  const g = convolution(x.shape, shape, attributes);
  const [first, gradient] = [x, dy].map((v) => transpose(emit, v, channelsFirst(v.shape.length))) as [
    Value,
    Value,
  ];
  const [result] = emit.node(
    'FilterGradient',
    [first, gradient],
    { ...windowAttributes(g), dilations: g.dilation },
    [{ shape }],
    'swath',
  );
  return must(result, 'gradient');
}
