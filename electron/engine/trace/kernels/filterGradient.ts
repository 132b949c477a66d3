/**
 * The gradient of a convolution's filter: for each tap, the input shifted by it, times the output's gradient, summed over
 * all pixels. The shifted arrays are stacked and make one matrix product.
 */
import { concat, matMul, one, pad, reshape, slice, transpose } from '../../graph/emit.ts';
import { type Emitter, sizeOf, type Value } from '../../graph/graph.ts';
import { axisSize, type Geometry, taps } from './geometry.ts';
import { reduce } from './reduce.ts';

/** [N, spatial …, C] → [C, N, spatial …], really: what follows must not be carried past it. */
function channelsOutermost(emit: Emitter, x: Value): Value {
  const rank = x.shape.length;
  const perm = [rank - 1, ...Array.from({ length: rank - 1 }, (_, i) => i)];
  return one(
    emit,
    'Transpose',
    [x],
    perm.map((p) => x.shape[p] as number),
    { perm, real: 1 },
  );
}

/** The part of the padded input (spatial axes from `first`) that a tap of the filter sees. */
function shifted(emit: Emitter, padded: Value, tap: readonly number[], g: Geometry, first: number): Value {
  const axes = g.filter.map((_, i) => i + first);
  const starts = tap.map((t, i) => t * (g.dilation[i] as number));
  const ends = starts.map((s, i) => s + ((g.output[i] as number) - 1) * (g.stride[i] as number) + 1);
  return slice(emit, padded, axes, starts, ends, g.stride);
}

/** `x` [N, spatial …, C], `dy` [N, spatial …, O] → [spatial filter …, C, O]. */
export function filterGradient(
  emit: Emitter,
  x: Value,
  dy: Value,
  shape: readonly number[],
  g: Geometry,
): Value {
  const pixels = sizeOf(dy.shape.slice(0, -1));
  const [channels, outputs] = [axisSize(x.shape, -1), axisSize(dy.shape, -1)];
  const input = channelsOutermost(emit, x);
  const gradient = channelsOutermost(emit, dy);
  if (
    g.filter.length === 2 &&
    g.filter.some((f) => f > 1) &&
    [...g.stride, ...g.dilation].every((s) => s === 1)
  ) {
    return shiftingBoth(emit, input, gradient, shape, g);
  }
  const padded = pad(emit, input, [0, 0, ...g.before], [0, 0, ...g.after]);
  const columns = taps(g.filter).map((tap) =>
    reshape(emit, shifted(emit, padded, tap, g, 2), [channels, pixels]),
  );
  const rows = reshape(emit, gradient, [outputs, pixels]);
  const product = matMul(emit, concat(emit, columns, 0), transpose(emit, rows, [1, 0]));
  return reshape(emit, product, shape);
}

/**
 * Without strides the shift of a tap can be shared: the input is shifted along the columns, the output's gradient
 * against it along the rows, and one product of kw·C × kh·O has every tap. Six copies instead of eighteen, and a product
 * that is less thin: 1.2 to 1.3 times faster from 16 to 512 channels (Zen 4, one thread).
 */
function shiftingBoth(emit: Emitter, x: Value, dy: Value, shape: readonly number[], g: Geometry): Value {
  const [kh, kw, c, o] = shape as [number, number, number, number];
  const [top, left] = g.before as [number, number];
  const [n, h, w] = [axisSize(x.shape, 1), axisSize(x.shape, 2), axisSize(dy.shape, 3)];
  const columns = Array.from({ length: kw }, (_, b) => moved(emit, x, 3, left - b, w));
  const rows = Array.from({ length: kh }, (_, a) => moved(emit, dy, 2, a - top, h));
  const seen = reshape(emit, concat(emit, columns, 0), [kw * c, n * h * w]);
  const wanted = reshape(emit, concat(emit, rows, 0), [kh * o, n * h * w]);
  const product = matMul(emit, seen, transpose(emit, wanted, [1, 0]));
  return transpose(emit, reshape(emit, product, [kw, c, kh, o]), [2, 0, 1, 3]);
}

/** Shifts an axis by `by` (zeros come in) and gives it `size`: `y[i] = x[i − by]`. A negative padding cuts. */
function moved(emit: Emitter, x: Value, axis: number, by: number, size: number): Value {
  const end = size - axisSize(x.shape, axis) - by;
  const side = (amount: number) => x.shape.map((_, i) => (i === axis ? amount : 0));
  return pad(emit, x, side(by), side(end));
}

/** `x` [N, H, W, C], `dy` [N, H, W, C·M] → [H, W, C, M]. */
export function depthwiseFilterGradient(
  emit: Emitter,
  x: Value,
  dy: Value,
  shape: readonly number[],
  g: Geometry,
): Value {
  const [, , c, m] = shape as [number, number, number, number];
  const [n, oh, ow] = dy.shape as [number, number, number];
  const gradient = reshape(emit, transpose(emit, dy, [0, 3, 1, 2]), [n, c, m, oh, ow]);
  const padded = pad(emit, transpose(emit, x, [0, 3, 1, 2]), [0, 0, ...g.before], [0, 0, ...g.after]);
  const parts = taps(g.filter).map((tap) => {
    const seen = reshape(emit, shifted(emit, padded, tap, g, 2), [n, c, 1, oh, ow]);
    const product = one(emit, 'Mul', [seen, gradient], [n, c, m, oh, ow]);
    return reshape(emit, reduce(emit, 'ReduceSum', product, [0, 3, 4], false), [1, c, m]);
  });
  return reshape(emit, concat(emit, parts, 0), shape);
}
