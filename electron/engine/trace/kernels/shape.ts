/** Kernels that move, cut, join and repeat elements, and those that make constants. */
import { must } from '../../../base/assert.ts';
import { concat, expand, one, pad, reshape, slice, transpose } from '../../graph/emit.ts';
import { sizeOf, uniform, type Value } from '../../graph/graph.ts';
import {
  allInputs,
  axesOf,
  axisOf,
  elementType,
  input,
  type Kernel,
  type KernelTable,
  refuse,
} from '../kernel.ts';

const constant =
  (value: number): Kernel =>
  (call) => {
    const x = input(call, 'x');
    return uniform(value, x.shape, x.dtype);
  };

const dense = (data: Float32Array, dtype: 'float32' | 'int32' | 'bool'): Value => ({
  shape: [data.length],
  dtype,
  constant: { kind: 'dense', data: dtype === 'int32' ? Int32Array.from(data) : data },
});

export const shapeKernels: KernelTable = {
  Fill: ({ attributes }) =>
    uniform(
      Number(attributes.value),
      attributes.shape as number[],
      elementType(attributes.dtype ?? 'float32'),
    ),
  ZerosLike: constant(0),
  OnesLike: constant(1),
  Range: ({ attributes }) => {
    const { start, stop, step, dtype } = attributes as {
      start: number;
      stop: number;
      step: number;
      dtype: string;
    };
    const length = Math.max(0, Math.ceil((stop - start) / step));
    return dense(
      Float32Array.from({ length }, (_, i) => start + i * step),
      elementType(dtype ?? 'float32'),
    );
  },
  LinSpace: ({ attributes }) => {
    const { start, stop, num } = attributes as { start: number; stop: number; num: number };
    const step = num > 1 ? (stop - start) / (num - 1) : 0;
    return dense(
      Float32Array.from({ length: num }, (_, i) => start + i * step),
      'float32',
    );
  },
  Reshape: (call) => {
    const x = input(call, 'x');
    const wanted = call.attributes.shape as number[];
    const known = wanted.reduce((n, d) => (d === -1 ? n : n * d), 1);
    return reshape(
      call.emit,
      x,
      wanted.map((d) => (d === -1 ? sizeOf(x.shape) / known : d)),
    );
  },
  ExpandDims: (call) => {
    const x = input(call, 'input');
    const dim = call.attributes.dim as number;
    const at = dim < 0 ? dim + x.shape.length + 1 : dim;
    return reshape(call.emit, x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
  },
  Transpose: (call) => transpose(call.emit, input(call, 'x'), call.attributes.perm as number[]),
  Reverse: (call) => {
    const x = input(call, 'x');
    const axes = axesOf(call.attributes.dims, x.shape.length);
    if (axes.length === 0) return x;
    return one(call.emit, 'Slice', [x], x.shape, {
      starts: axes.map(() => -1),
      // Past the front: ONNX counts from the end, so that -1 would be the last element.
      ends: axes.map((a) => -must(x.shape[a], 'axis') - 1),
      axes,
      steps: axes.map(() => -1),
    });
  },
  Tile: (call) => {
    const x = input(call, 'x');
    const repeats = call.attributes.reps as number[];
    const shape = x.shape.map((d, i) => d * must(repeats[i], 'repeat'));
    const stretches = x.shape.every((d, i) => d === 1 || repeats[i] === 1);
    return stretches ? expand(call.emit, x, shape) : one(call.emit, 'Tile', [x], shape, { repeats });
  },
  Concat: (call) => {
    const values = allInputs(call).filter((v) => sizeOf(v.shape) > 0);
    return concat(call.emit, values, axisOf(call.attributes.axis, must(values[0], 'a value').shape.length));
  },
  Pack: (call) => {
    const values = allInputs(call);
    const rank = must(values[0], 'a value').shape.length;
    const axis = axisOf(call.attributes.axis ?? 0, rank + 1);
    const lifted = values.map((v) =>
      reshape(call.emit, v, [...v.shape.slice(0, axis), 1, ...v.shape.slice(axis)]),
    );
    return concat(call.emit, lifted, axis);
  },
  Unpack: (call) => {
    const x = input(call, 'value');
    const axis = axisOf(call.attributes.axis ?? 0, x.shape.length);
    const rest = x.shape.filter((_, i) => i !== axis);
    return Array.from({ length: must(x.shape[axis], 'axis') }, (_, i) =>
      reshape(call.emit, slice(call.emit, x, [axis], [i], [i + 1]), rest),
    );
  },
  SplitV: (call) => {
    const x = input(call, 'x');
    const axis = axisOf(call.attributes.axis, x.shape.length);
    const total = must(x.shape[axis], 'axis');
    const given = call.attributes.numOrSizeSplits as number | number[];
    const listed = Array.isArray(given) ? given : Array.from({ length: given }, () => total / given);
    const known = listed.reduce((n, size) => n + Math.max(size, 0), 0);
    let start = 0;
    return listed.map((size) => {
      const end = start + (size === -1 ? total - known : size);
      const part = slice(call.emit, x, [axis], [start], [end]);
      start = end;
      return part;
    });
  },
  Slice: (call) => {
    const x = input(call, 'x');
    const { begin, size } = call.attributes as { begin: number[]; size: number[] };
    const starts = x.shape.map((_, i) => begin[i] ?? 0);
    const ends = x.shape.map((d, i) => {
      const wanted = size[i] ?? -1;
      return wanted === -1 ? d : must(starts[i], 'start') + wanted;
    });
    const axes = x.shape.map((_, i) => i).filter((i) => starts[i] !== 0 || ends[i] !== x.shape[i]);
    const pick = (list: number[]) => axes.map((a) => must(list[a], 'bound'));
    return slice(call.emit, x, axes, pick(starts), pick(ends));
  },
  PadV2: (call) => {
    const x = input(call, 'x');
    const paddings = call.attributes.paddings as [number, number][];
    const value = call.attributes.constantValue as number | undefined;
    return pad(
      call.emit,
      x,
      paddings.map((p) => p[0]),
      paddings.map((p) => p[1]),
      value ?? 0,
    );
  },
  MirrorPad: (call) => {
    const x = input(call, 'x');
    const paddings = call.attributes.paddings as [number, number][];
    if (call.attributes.mode !== 'reflect')
      return refuse(`mode '${String(call.attributes.mode)}' of mirrorPad`);
    const shape = x.shape.map(
      (d, i) => d + must(paddings[i], 'padding')[0] + must(paddings[i], 'padding')[1],
    );
    const pads = [...paddings.map((p) => p[0]), ...paddings.map((p) => p[1])];
    return one(call.emit, 'Pad', [x], shape, { pads, mode: 'reflect' });
  },
  StridedSlice: (call) => {
    const x = input(call, 'x');
    const a = call.attributes as Record<string, number | number[]>;
    if (a.ellipsisMask || a.newAxisMask) return refuse('an ellipsis or a new axis in stridedSlice');
    const { begin, end, strides } = call.attributes as { begin: number[]; end: number[]; strides: number[] };
    const bit = (mask: number | number[] | undefined, i: number) => (((mask as number) ?? 0) >> i) % 2 === 1;
    if (strides.some((s) => s < 1)) return refuse('a negative stride in stridedSlice: use tf.reverse');
    const clamp = (at: number, size: number) => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
    const axes = begin.map((_, i) => i);
    const starts = axes.map((i) =>
      bit(a.beginMask, i) ? 0 : clamp(must(begin[i], 'begin'), must(x.shape[i], 'axis')),
    );
    const ends = axes.map((i) => {
      if (bit(a.shrinkAxisMask, i)) return must(starts[i], 'start') + 1;
      const size = must(x.shape[i], 'axis');
      return bit(a.endMask, i) ? size : clamp(must(end[i], 'end'), size);
    });
    const cut = slice(call.emit, x, axes, starts, ends, strides);
    return reshape(
      call.emit,
      cut,
      cut.shape.filter((_, i) => !bit(a.shrinkAxisMask, i)),
    );
  },
  DepthToSpace: (call) => {
    const x = input(call, 'x');
    const [n, h, w, c] = x.shape as [number, number, number, number];
    const { blockSize: b, dataFormat } = call.attributes as { blockSize: number; dataFormat: string };
    if (dataFormat !== 'NHWC') return refuse(`dataFormat ${dataFormat}`);
    const depth = c / (b * b);
    const split = transpose(call.emit, reshape(call.emit, x, [n, h, w, b, b, depth]), [0, 1, 3, 2, 4, 5]);
    return reshape(call.emit, split, [n, h * b, w * b, depth]);
  },
};
