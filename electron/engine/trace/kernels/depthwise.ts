/** The gradient of a depthwise filter: for each tap, the input shifted by it, times the output's gradient, summed. */
import { concat, one, pad, reshape, slice, transpose } from '../../graph/emit.ts';
import type { Emitter, Value } from '../../graph/graph.ts';
import { type Geometry, taps } from './geometry.ts';
import { reduce } from './reduce.ts';

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
    const seen = reshape(emit, shifted(emit, padded, tap, g), [n, c, 1, oh, ow]);
    const product = one(emit, 'Mul', [seen, gradient], [n, c, m, oh, ow]);
    return reshape(emit, reduce(emit, 'ReduceSum', product, [0, 3, 4], false), [1, c, m]);
  });
  return reshape(emit, concat(emit, parts, 0), shape);
}

/** The part of the padded input [N, C, H, W] that a tap of the filter sees. */
function shifted(emit: Emitter, padded: Value, tap: readonly number[], g: Geometry): Value {
  const starts = tap.map((t, i) => t * (g.dilation[i] as number));
  const ends = starts.map((s, i) => s + ((g.output[i] as number) - 1) * (g.stride[i] as number) + 1);
  return slice(emit, padded, [2, 3], starts, ends, g.stride);
}
