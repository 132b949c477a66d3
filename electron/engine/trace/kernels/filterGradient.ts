/**
 * The gradient of a convolution's filter: for each tap, the input shifted by it, times the output's gradient, summed over
 * all pixels. The shifted inputs are stacked and make one matrix product.
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
  const before = [0, 0, ...g.before];
  const padded = pad(emit, channelsOutermost(emit, x), before, [0, 0, ...g.after]);
  const columns = taps(g.filter).map((tap) =>
    reshape(emit, shifted(emit, padded, tap, g, 2), [channels, pixels]),
  );
  const gradient = reshape(emit, channelsOutermost(emit, dy), [outputs, pixels]);
  const product = matMul(emit, concat(emit, columns, 0), transpose(emit, gradient, [1, 0]));
  return reshape(emit, product, shape);
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
