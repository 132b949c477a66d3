/** The numbers of a convolution or pooling window, alike for two and three spatial axes. */
import { backend_util } from '@tensorflow/tfjs-core';
import { must } from '../../../base/assert.ts';
import type { Shape } from '../../graph/graph.ts';
import { type KernelAttributes, refuse } from '../kernel.ts';

export interface Geometry {
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly filter: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Logical, channels last. */
  readonly outShape: readonly number[];
}

type Two = [number, number];
type Four = [number, number, number, number];
type Three = [number, number, number];
type Five = [number, number, number, number, number];

/** The geometry of a convolution from tfjs's attributes; `x` is [N, spatial …, C], `filter` [spatial …, I, O]. */
export function convolution(x: Shape, filter: Shape, a: KernelAttributes, depthwise = false): Geometry {
  if (a.dataFormat !== undefined && a.dataFormat !== 'NHWC' && a.dataFormat !== 'NDHWC') {
    return refuse(`dataFormat ${String(a.dataFormat)}`);
  }
  const dilations = (a.dilations ?? 1) as number | Two;
  if (x.length === 4) {
    const info = backend_util.computeConv2DInfo(
      [...x] as Four,
      [...filter] as Four,
      a.strides as Two,
      dilations,
      a.pad as number,
      a.dimRoundingMode as 'floor',
      depthwise,
    );
    return planar(info);
  }
  const info = backend_util.computeConv3DInfo(
    [...x] as Five,
    [...filter] as Five,
    a.strides as Three,
    dilations as unknown as Three,
    a.pad as 'same',
    depthwise,
  );
  const { padInfo: p } = info;
  return {
    input: [info.inDepth, info.inHeight, info.inWidth],
    output: [info.outDepth, info.outHeight, info.outWidth],
    filter: [info.filterDepth, info.filterHeight, info.filterWidth],
    stride: [info.strideDepth, info.strideHeight, info.strideWidth],
    dilation: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
    before: [p.front, p.top, p.left],
    after: [p.back, p.bottom, p.right],
    outShape: info.outShape,
  };
}

/** The geometry of a pooling window. */
export function pooling(x: Shape, a: KernelAttributes): Geometry {
  return planar(
    backend_util.computePool2DInfo(
      [...x] as Four,
      a.filterSize as Two,
      a.strides as Two,
      1,
      a.pad as number,
      a.dimRoundingMode as 'floor',
    ),
  );
}

function planar(info: backend_util.Conv2DInfo): Geometry {
  const { padInfo: p } = info;
  return {
    input: [info.inHeight, info.inWidth],
    output: [info.outHeight, info.outWidth],
    filter: [info.filterHeight, info.filterWidth],
    stride: [info.strideHeight, info.strideWidth],
    dilation: [info.dilationHeight, info.dilationWidth],
    before: [p.top, p.left],
    after: [p.bottom, p.right],
    outShape: info.outShape,
  };
}

/** [N, spatial …, C] → [N, C, spatial …]. */
export const channelsFirst = (rank: number): number[] => [
  0,
  rank - 1,
  ...Array.from({ length: rank - 2 }, (_, i) => i + 1),
];
/** [N, C, spatial …] → [N, spatial …, C]. */
export const channelsLast = (rank: number): number[] => [
  0,
  ...Array.from({ length: rank - 2 }, (_, i) => i + 2),
  1,
];

/** What ONNX's Conv, ConvTranspose and pools are told. */
export const windowAttributes = (g: Geometry) => ({
  kernel_shape: g.filter,
  strides: g.stride,
  pads: [...g.before, ...g.after],
});

/** Every offset inside a window, in row-major order. */
export function taps(filter: readonly number[]): number[][] {
  return filter.reduce<number[][]>(
    (all, size) => all.flatMap((tap) => Array.from({ length: size }, (_, i) => [...tap, i])),
    [[]],
  );
}

export const axisSize = (shape: Shape, axis: number): number => must(shape.at(axis), `axis ${axis}`);
