/** Each pass on a graph small enough to read: what it does, and that it keeps the graph's meaning. */
import { describe, expect, it } from 'vitest';
import { must } from '../../electron/base/assert.ts';
import {
  concat,
  elementwise,
  expand,
  matMul,
  one,
  pad,
  reshape,
  slice,
  transpose,
} from '../../electron/engine/graph/emit.ts';
import { uniform, type Value } from '../../electron/engine/graph/graph.ts';
import { compose, inverse, movesNothing } from '../../electron/engine/graph/perm.ts';
import { carryBroadcast } from '../../electron/engine/passes/carryBroadcast.ts';
import { carryLayout } from '../../electron/engine/passes/carryLayout.ts';
import { commonSubexpressions } from '../../electron/engine/passes/commonSubexpressions.ts';
import { deadNodes } from '../../electron/engine/passes/deadNodes.ts';
import { foldTransposes } from '../../electron/engine/passes/foldTransposes.ts';
import { fuseMatMul } from '../../electron/engine/passes/fuseMatMul.ts';
import { draw, of, ops, same } from './drawnGraph.ts';

describe('permutations', () => {
  it('compose and invert', () => {
    const [a, b] = [
      [2, 0, 1],
      [1, 2, 0],
    ];
    expect(compose(a, inverse(a))).toEqual([0, 1, 2]);
    const shape = [4, 5, 6];
    const twice = b.map((p) => a.map((q) => shape[q])[p]);
    expect(compose(a, b).map((p) => shape[p])).toEqual(twice);
    expect(movesNothing([3, 1, 5], [1, 0, 2])).toBe(true);
    expect(movesNothing([3, 2, 5], [1, 0, 2])).toBe(false);
  });
});

describe('carryBroadcast', () => {
  it('keeps constants as one number through arithmetic, and drops ones and zeros', async () => {
    const graph = draw({ x: [2, 3] }, (emit, v) => {
      const ones = elementwise(emit, 'Mul', [uniform(1, [2, 3]), uniform(2, [2, 3])]);
      const y = elementwise(emit, 'Mul', [of(v, 'x'), elementwise(emit, 'Sub', [ones, uniform(1, [2, 3])])]);
      return { y: elementwise(emit, 'Add', [y, uniform(0, [2, 3])]), z: elementwise(emit, 'Add', [y, ones]) };
    });
    const after = await same(graph, carryBroadcast);
    expect(ops(after)).toEqual(['Add']);
    expect(after.nodes[0]?.inputs[1]?.shape).toEqual([]);
  });

  it('carries a stretched value through elementwise operators, transposes and sums', async () => {
    const graph = draw({ x: [3, 1], y: [3, 4] }, (emit, v) => {
      const wide = expand(emit, of(v, 'x'), [3, 4]);
      const squared = elementwise(emit, 'Mul', [wide, wide]);
      const turned = transpose(emit, squared, [1, 0]);
      return {
        sum: one(emit, 'ReduceSum', [turned], [3], { axes: [0], keepdims: 0 }),
        product: elementwise(emit, 'Mul', [squared, of(v, 'y')]),
        cut: slice(emit, squared, [0, 1], [1, 1], [3, 3]),
      };
    });
    const after = await same(graph, carryBroadcast);
    // Only the output that is itself stretched is written out.
    expect(ops(after).filter((op) => op === 'Expand')).toHaveLength(1);
    expect(ops(after)).not.toContain('ReduceSum');
  });
});

describe('carryLayout', () => {
  const [first, last] = [
    [0, 3, 1, 2],
    [0, 2, 3, 1],
  ];
  it('cancels the transposes around elementwise operators, reductions, slices, pads and joins', async () => {
    const graph = draw({ x: [2, 3, 4, 5], bias: [3], w: [3, 3, 1, 1] }, (emit, v) => {
      const conv = (x: Value) =>
        one(emit, 'Conv', [x, of(v, 'w')], x.shape, {
          kernel_shape: [1, 1],
          pads: [0, 0, 0, 0],
          strides: [1, 1],
        });
      const a = transpose(emit, conv(of(v, 'x')), last);
      const centred = elementwise(emit, 'Sub', [
        a,
        one(emit, 'ReduceMean', [a], [1, 1, 1, 3], { axes: [0, 1, 2], keepdims: 1 }),
      ]);
      const b = elementwise(emit, 'Add', [elementwise(emit, 'Relu', [centred]), of(v, 'bias')]);
      const c = concat(
        emit,
        [slice(emit, b, [1], [1], [3]), pad(emit, slice(emit, b, [1], [0], [1]), [0, 1, 0, 0], [0, 0, 0, 0])],
        1,
      );
      return {
        y: conv(transpose(emit, c, first)),
        channels: one(emit, 'ReduceSum', [c], [3], { axes: [0, 1, 2], keepdims: 0 }),
        squeezed: reshape(
          emit,
          one(emit, 'ReduceSum', [c], [2, 1, 1, 3], { axes: [1, 2], keepdims: 1 }),
          [2, 3],
        ),
      };
    });
    expect(ops(await same(graph, carryLayout))).not.toContain('Transpose');
  });

  it('keeps transposes that are meant, and those an output needs', async () => {
    const graph = draw({ x: [2, 3, 4] }, (emit, v) => ({
      y: elementwise(emit, 'Neg', [transpose(emit, of(v, 'x'), [2, 0, 1])]),
      z: one(emit, 'Transpose', [of(v, 'x')], [3, 2, 4], { perm: [1, 0, 2], real: 1 }),
    }));
    expect(ops(await same(graph, carryLayout)).filter((op) => op === 'Transpose')).toHaveLength(2);
  });

  it('follows a reshape that splits axes', async () => {
    const graph = draw({ x: [6, 4, 5] }, (emit, v) => {
      const split = reshape(emit, transpose(emit, of(v, 'x'), [1, 2, 0]), [4, 5, 1, 2, 3]);
      return { y: transpose(emit, split, [3, 4, 0, 1, 2]) };
    });
    expect(ops(await same(graph, carryLayout))).toEqual(['Reshape']);
  });
});

describe('the small passes', () => {
  it('commonSubexpressions shares equal nodes and constants', async () => {
    const table = () =>
      ({ shape: [2], dtype: 'float32', constant: { kind: 'dense', data: Float32Array.of(1, 2) } }) as const;
    const graph = draw({ x: [2] }, (emit, v) => {
      const [a, b] = [table(), table()].map((t) =>
        elementwise(emit, 'Exp', [elementwise(emit, 'Mul', [of(v, 'x'), t])]),
      );
      return {
        y: elementwise(emit, 'Add', [must(a, 'a'), must(b, 'b')]),
        z: elementwise(emit, 'Sub', [of(v, 'x'), must(a, 'a')]),
      };
    });
    expect(ops(await same(graph, commonSubexpressions))).toEqual(['Mul', 'Exp', 'Add', 'Sub']);
  });

  it('deadNodes drops what nobody uses', async () => {
    const graph = draw({ x: [2] }, (emit, v) => {
      elementwise(emit, 'Exp', [elementwise(emit, 'Neg', [of(v, 'x')])]);
      return { y: elementwise(emit, 'Abs', [of(v, 'x')]) };
    });
    expect(ops(await same(graph, deadNodes))).toEqual(['Abs']);
  });

  it('fuseMatMul reads transposed matrices where they lie', async () => {
    const graph = draw({ a: [2, 4, 3], b: [2, 5, 4] }, (emit, v) => ({
      y: matMul(emit, transpose(emit, of(v, 'a'), [0, 2, 1]), transpose(emit, of(v, 'b'), [0, 2, 1])),
    }));
    expect(ops(deadNodes(await same(graph, fuseMatMul)))).toEqual(['FusedMatMul']);
  });

  it('foldTransposes moves constants now', async () => {
    const data = Float32Array.from({ length: 24 }, (_, i) => i);
    const graph = draw({ x: [4, 2, 3] }, (emit, v) => {
      const table: Value = { shape: [2, 3, 4], dtype: 'float32', constant: { kind: 'dense', data } };
      return { y: elementwise(emit, 'Add', [of(v, 'x'), transpose(emit, table, [2, 0, 1])]) };
    });
    expect(ops(await same(graph, foldTransposes))).toEqual(['Add']);
  });
});
