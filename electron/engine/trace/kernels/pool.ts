/** Pooling and resizing with their gradients. */
import { must } from '../../../base/assert.ts';
import { elementwise, expand, matMul, one, reshape, transpose } from '../../graph/emit.ts';
import { type Emitter, sizeOf, uniform, type Value } from '../../graph/graph.ts';
import { permute } from '../../graph/perm.ts';
import { input, type KernelTable } from '../kernel.ts';
import { channelsFirst, channelsLast, type Geometry, pooling, windowAttributes } from './geometry.ts';
import { bilinearWeights, nearestWeights } from './resizeWeights.ts';

const first = channelsFirst(4);
const last = channelsLast(4);

/** ONNX's MaxPool with the flat index of each maximum: [values, indices], channels first. */
function maxPool(emit: Emitter, x: Value, g: Geometry): { values: Value; indices: Value } {
  const shape = permute(g.outShape, first);
  const [values, indices] = emit.node('MaxPool', [transpose(emit, x, first)], windowAttributes(g), [
    { shape },
    { shape, dtype: 'int64' },
  ]);
  return { values: must(values, 'values'), indices: must(indices, 'indices') };
}

/** How many pixels of the input each window really sees, [1, 1, H, W]: padding does not count. */
function windowCounts(g: Geometry): Value {
  const along = (axis: number) =>
    Array.from({ length: must(g.output[axis], 'axis') }, (_, o) => {
      const start = o * must(g.stride[axis], 'stride') - must(g.before[axis], 'padding');
      const end = Math.min(start + must(g.filter[axis], 'filter'), must(g.input[axis], 'size'));
      return end - Math.max(start, 0);
    });
  const [rows, columns] = [along(0), along(1)];
  const data = Float32Array.from(rows.flatMap((r) => columns.map((c) => r * c)));
  return { shape: [1, 1, rows.length, columns.length], dtype: 'float32', constant: { kind: 'dense', data } };
}

/** `rows · x · columnsᵀ` over the spatial axes of [N, H, W, C]; both are constants. */
function separable(emit: Emitter, x: Value, rows: Value, columns: Value): Value {
  const wide = matMul(emit, transpose(emit, x, first), transpose(emit, columns, [1, 0]));
  return transpose(emit, matMul(emit, rows, wide), last);
}

/** Resizing is linear, so forward and gradient are products with the same interpolation matrices. */
const resize =
  (weights: typeof bilinearWeights, gradient: boolean) =>
  (call: Parameters<KernelTable[string]>[0]): Value => {
    const images = input(call, 'images');
    const x = gradient ? input(call, 'dy') : images;
    const [, h, w] = images.shape as [number, number, number];
    const [oh, ow] = gradient
      ? (x.shape.slice(1, 3) as [number, number])
      : (call.attributes.size as [number, number]);
    const { alignCorners, halfPixelCenters } = call.attributes as {
      alignCorners?: boolean;
      halfPixelCenters?: boolean;
    };
    const matrix = (from: number, to: number) => {
      const made = weights(from, to, alignCorners === true, halfPixelCenters === true);
      const constant: Value = {
        shape: [to, from],
        dtype: 'float32',
        constant: { kind: 'dense', data: made },
      };
      return gradient ? transpose(call.emit, constant, [1, 0]) : constant;
    };
    return separable(call.emit, x, matrix(h, oh), matrix(w, ow));
  };

export const poolKernels: KernelTable = {
  MaxPool: (call) => {
    const x = input(call, 'x');
    return transpose(call.emit, maxPool(call.emit, x, pooling(x.shape, call.attributes)).values, last);
  },
  // Each window's gradient goes to the pixel that was its (first) maximum; windows that share it add up.
  MaxPoolGrad: (call) => {
    const { emit } = call;
    const [dy, x] = [input(call, 'dy'), input(call, 'input')];
    const { indices } = maxPool(emit, x, pooling(x.shape, call.attributes));
    const flat = (v: Value) => reshape(emit, v, [sizeOf(v.shape)]);
    const size = sizeOf(x.shape);
    const zeros = expand(emit, uniform(0), [size]);
    const updates = flat(transpose(emit, dy, first));
    const scattered = one(emit, 'ScatterElements', [zeros, flat(indices), updates], [size], {
      axis: 0,
      reduction: 'add',
    });
    return transpose(emit, reshape(emit, scattered, permute(x.shape, first)), last);
  },
  AvgPool: (call) => {
    const x = input(call, 'x');
    const g = pooling(x.shape, call.attributes);
    const pooled = one(
      call.emit,
      'AveragePool',
      [transpose(call.emit, x, first)],
      permute(g.outShape, first),
      windowAttributes(g),
    );
    return transpose(call.emit, pooled, last);
  },
  AvgPoolGrad: (call) => {
    const { emit } = call;
    const [dy, x] = [input(call, 'dy'), input(call, 'input')];
    const g = pooling(x.shape, call.attributes);
    const [n, h, w, c] = x.shape as [number, number, number, number];
    const share = elementwise(emit, 'Div', [transpose(emit, dy, first), windowCounts(g)]);
    const ones: Value = uniform(1, [c, 1, ...g.filter]);
    const output_padding = g.input.map((size, i) => {
      const covered =
        (must(g.output[i], 'axis') - 1) * must(g.stride[i], 'stride') + must(g.filter[i], 'filter');
      return size - (covered - must(g.before[i], 'padding') - must(g.after[i], 'padding'));
    });
    const spread = one(emit, 'ConvTranspose', [share, ones], [n, c, h, w], {
      ...windowAttributes(g),
      output_padding,
      group: c,
    });
    return transpose(emit, spread, last);
  },
  ResizeBilinear: resize(bilinearWeights, false),
  ResizeBilinearGrad: resize(bilinearWeights, true),
  ResizeNearestNeighbor: resize(nearestWeights, false),
  ResizeNearestNeighborGrad: resize(nearestWeights, true),
};
