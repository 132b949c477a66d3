/** Gradients of convolutions, pooling, resizing and matrix products. */

import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Attributes, type Gradient, kernel, sumTo } from './gradient.ts';

/** tfjs has no kernel for the gradient of a dilated convolution. */
function assertUndilated(name: string, { dilations }: Attributes): void {
  const all = Array.isArray(dilations) ? dilations : [dilations ?? 1];
  tf.util.assert(
    all.every((d) => d === 1),
    () =>
      `${name} with dilation ${all.join('×')} has no gradient: train without dilation, then evaluate densely`,
  );
}

/**
 * The gradient of a filter. tfjs's wasm backend has no kernel for it: there the input shifted by each tap is multiplied
 * with the output's gradient. x [N, H, W, C], dy [N, h, w, O] → [kh, kw, C, O].
 */
function filterGradient(x: Tensor4D, dy: Tensor4D, shape: number[], attributes: Attributes): Tensor {
  if (tf.getKernel('Conv2DBackpropFilter', tf.getBackend())) {
    return kernel('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: shape });
  }
  const [kh, kw, c, o] = shape as [number, number, number, number];
  const info = tf.backend_util.computeConv2DInfo(
    x.shape,
    [kh, kw, c, o],
    attributes.strides as [number, number],
    1,
    attributes.pad as number,
    attributes.dimRoundingMode as 'floor',
  );
  const { top, bottom, left, right } = info.padInfo;
  const padded = tf.pad(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  const [n, h, w] = dy.shape;
  const gradient = tf.reshape(dy, [n * h * w, o]);
  const [sy, sx] = [info.strideHeight, info.strideWidth];
  const parts: Tensor[] = [];
  for (let i = 0; i < kh; i++) {
    for (let j = 0; j < kw; j++) {
      const end = [n, i + (h - 1) * sy + 1, j + (w - 1) * sx + 1, c];
      const seen = tf.stridedSlice(padded, [0, i, j, 0], end, [1, sy, sx, 1]);
      parts.push(tf.matMul(tf.reshape(seen, [n * h * w, c]), gradient, true, false));
    }
  }
  return tf.reshape(tf.stack(parts), shape);
}

const pooling = (name: string, gradient: string, withOutput: boolean): Gradient => ({
  kernel: name,
  inputs: ['x'],
  output: withOutput,
  of: (dy, saved, attributes) => {
    const [x, y] = saved as [Tensor, Tensor];
    return {
      x: () => kernel(gradient, withOutput ? { dy, input: x, output: y } : { dy, input: x }, attributes),
    };
  },
});

const resizing = (name: string): Gradient => ({
  kernel: name,
  inputs: ['images'],
  of: (dy, [images], attributes) => ({
    images: () => kernel(`${name}Grad`, { dy, images: images as Tensor }, attributes),
  }),
});

export const convolutionGradients: readonly Gradient[] = [
  {
    kernel: 'Conv2D',
    inputs: ['x', 'filter'],
    of: (dy, saved, attributes) => {
      const [x, filter] = saved as [Tensor, Tensor];
      assertUndilated('Conv2D', attributes);
      return {
        x: () => kernel('Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape: x.shape }),
        filter: () => filterGradient(x as Tensor4D, dy as Tensor4D, filter.shape, attributes),
      };
    },
  },
  {
    // The transposed convolution of a decoder: its gradients are the convolution and the filter gradient themselves.
    kernel: 'Conv2DBackpropInput',
    inputs: ['dy', 'filter'],
    of: (ddx, saved, attributes) => {
      const [dy, filter] = saved as [Tensor, Tensor];
      const { inputShape: _, ...rest } = attributes;
      return {
        dy: () => kernel('Conv2D', { x: ddx, filter }, { ...rest, dilations: [1, 1] }),
        filter: () => kernel('Conv2DBackpropFilter', { x: ddx, dy }, { ...rest, filterShape: filter.shape }),
      };
    },
  },
  {
    kernel: 'DepthwiseConv2dNative',
    inputs: ['x', 'filter'],
    of: (dy, saved, attributes) => {
      const [x, filter] = saved as [Tensor, Tensor];
      assertUndilated('DepthwiseConv2dNative', attributes);
      return {
        x: () =>
          kernel(
            'DepthwiseConv2dNativeBackpropInput',
            { dy, filter },
            { ...attributes, inputShape: x.shape },
          ),
        filter: () =>
          kernel(
            'DepthwiseConv2dNativeBackpropFilter',
            { x, dy },
            { ...attributes, filterShape: filter.shape },
          ),
      };
    },
  },
  {
    kernel: 'Conv3D',
    inputs: ['x', 'filter'],
    of: (dy, saved, attributes) => {
      const [x, filter] = saved as [Tensor, Tensor];
      assertUndilated('Conv3D', attributes);
      return {
        x: () => kernel('Conv3DBackpropInputV2', { dy, filter }, { ...attributes, inputShape: x.shape }),
        filter: () =>
          kernel('Conv3DBackpropFilterV2', { x, dy }, { ...attributes, filterShape: filter.shape }),
      };
    },
  },
  pooling('MaxPool', 'MaxPoolGrad', true),
  pooling('AvgPool', 'AvgPoolGrad', false),
  resizing('ResizeBilinear'),
  resizing('ResizeNearestNeighbor'),
  {
    kernel: 'BatchMatMul',
    inputs: ['a', 'b'],
    of: (dy, saved, { transposeA: ta, transposeB: tb }) => {
      const [a, b] = saved as [Tensor4D, Tensor4D];
      const da = () =>
        ta ? tf.matMul(b, dy as Tensor4D, !!tb, true) : tf.matMul(dy as Tensor4D, b, false, !tb);
      const db = () =>
        tb ? tf.matMul(dy as Tensor4D, a, true, !!ta) : tf.matMul(a, dy as Tensor4D, !ta, false);
      return { a: () => sumTo(da(), a.shape), b: () => sumTo(db(), b.shape) };
    },
  },
];
