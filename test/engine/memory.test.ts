/** What is foretold of memory: the fullest moment of a graph, counted by hand. */
import { expect, it } from 'vitest';
import { one } from '../../electron/engine/graph/emit.ts';
import { emitter, type Graph, type Node, type Value } from '../../electron/engine/graph/graph.ts';
import { peakBytes } from '../../electron/engine/graph/memory.ts';

const x: Value = { shape: [10], dtype: 'float32' };
function graphOf(draw: (nodes: Node[]) => Value[]): Graph {
  const nodes: Node[] = [];
  const outputs = draw(nodes).map((value, i) => ({ name: `y${i}`, value }));
  return { name: 'test', inputs: [{ name: 'x', value: x }], outputs, nodes };
}

it('counts what lives at once, and lets elementwise operators write over their input', () => {
  const chain = graphOf((nodes) => {
    const emit = emitter(nodes);
    const doubled = one(emit, 'Concat', [x, x], [20], { axis: 0 });
    return [one(emit, 'ReduceSum', [one(emit, 'Relu', [doubled], [20])], [])];
  });
  // 80 bytes of Relu in the place of Concat, and the 4 of the sum.
  expect(peakBytes(chain)).toBe(84);
});

it('keeps what is read again, what leaves, and what another shape of it reads', () => {
  const kept = graphOf((nodes) => {
    const emit = emitter(nodes);
    const a = one(emit, 'Relu', [x], [10]);
    const shaped = one(emit, 'Reshape', [a], [2, 5], { shape: [2, 5] });
    const b = one(emit, 'Softmax', [a], [10], { axis: 0 });
    const c = one(emit, 'MatMul', [shaped, one(emit, 'Reshape', [b], [5, 2], { shape: [5, 2] })], [2, 2]);
    return [a, c];
  });
  // a (40) and b (40) while c (16) is made; both reshapes are free.
  expect(peakBytes(kept)).toBe(96);
});
