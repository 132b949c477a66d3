/**
 * Transposes of weights go by single numbers or short runs of them, on one thread. Two kinds are done, at least in part,
 * by operators that run on all threads. 3×3×512×512 weights, one thread: 7.7 → 5 ms for the convolution itself, 10 → 5.6 ms
 * for the gradient of its input.
 */
import { reshape, transpose } from '../../graph/emit.ts';
import { type Emitter, type Graph, type Node, sizeOf, type Value } from '../../graph/graph.ts';
import { permute } from '../../graph/perm.ts';
import { keep, rewrite } from '../../graph/rewrite.ts';
import { reorderFromLast, reorderInput } from './operators.ts';

export function turnInnermost(graph: Graph, block: number): Graph {
  return rewrite(graph, (node: Node, emit: Emitter) => {
    const [x] = node.inputs;
    if (node.op !== 'Transpose' || x?.dtype !== 'float32' || x.shape.at(-1) !== block)
      return keep(node, emit);
    const perm = node.attributes.perm as number[];
    return [
      swapped(emit, x, perm, block) ?? movedOut(emit, x, perm, block) ?? (keep(node, emit)[0] as Value),
    ];
  });
}

/** The innermost axis and another of a block's size end as the last two, but swapped: they change places at the end. */
function swapped(emit: Emitter, x: Value, perm: readonly number[], block: number): Value | undefined {
  const last = perm.length - 1;
  const [before, other] = perm.slice(-2) as [number, number];
  if (before !== last || x.shape[other] !== block) return undefined;
  const unturned = transpose(emit, x, [...perm.slice(0, -2), other, before]);
  const pairs = reshape(emit, unturned, [sizeOf(x.shape) / block ** 2, block, 1, block]);
  return reshape(emit, reorderInput(emit, pairs, block), unturned.shape);
}

/** The axis before the innermost becomes the outermost: that is done first, and what is left moves in longer runs. */
function movedOut(emit: Emitter, x: Value, perm: readonly number[], block: number): Value | undefined {
  const last = perm.length - 1;
  if (last < 2 || perm[last] !== last || perm[0] !== last - 1) return undefined;
  const blocks = x.shape[last - 1] as number;
  const inner = sizeOf(x.shape) / blocks / block;
  const moved = reorderFromLast(emit, reshape(emit, x, [1, 1, inner, blocks * block]));
  const order = [last - 1, ...perm.map((_, i) => i).slice(0, -2), last];
  const now = reshape(emit, moved, permute(x.shape, order));
  return transpose(
    emit,
    now,
    perm.map((p) => order.indexOf(p)),
  );
}
