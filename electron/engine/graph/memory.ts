/**
 * How much memory a graph holds at its fullest, from the sizes of its tensors. Two habits of onnxruntime decide it: it
 * runs nodes in the order of a depth-first search from the results, the last one first, and it gives a tensor back after
 * its last reader, which an elementwise operator may write over.
 */
import { must } from '../../base/assert.ts';
import { type ElementType, type Graph, type Node, sizeOf, type Value } from './graph.ts';
import { elementwiseOps } from './operators.ts';

const bytesPer: Readonly<Record<ElementType, number>> = {
  float32: 4,
  int32: 4,
  int64: 8,
  int8: 1,
  bool: 1,
};
export const bytesOf = ({ shape, dtype }: Value): number => sizeOf(shape) * bytesPer[dtype];

/** Operators whose result is their input under another shape. */
const aliases: ReadonlySet<string> = new Set(['Reshape', 'Identity', 'Squeeze', 'Unsqueeze']);

/** Bytes of all tensors between inputs and outputs that exist at once, at most. Inputs and constants are not counted. */
export function peakBytes(graph: Graph): number {
  const order = executionOrder(graph.nodes);
  const held = new Map<Value, Value>();
  const holder = (value: Value): Value => held.get(value) ?? value;
  for (const { op, inputs, outputs } of order) {
    if (aliases.has(op)) held.set(must(outputs[0], op), holder(must(inputs[0], op)));
  }
  const given = new Set(graph.inputs.map(({ value }) => value));
  const lastRead = new Map<Value, number>();
  order.forEach(({ inputs }, i) => {
    for (const value of inputs) lastRead.set(holder(value), i);
  });
  for (const { value } of graph.outputs) lastRead.set(holder(value), order.length);

  let now = 0;
  let peak = 0;
  order.forEach((node, i) => {
    const made = node.outputs.filter((value) => !held.has(value));
    const needed = made.reduce((sum, value) => sum + bytesOf(value), 0);
    const released = [...new Set(node.inputs.map(holder))].filter(
      (value) => lastRead.get(value) === i && !given.has(value) && value.constant === undefined,
    );
    const isReused = elementwiseOps.has(node.op) && released.some((value) => bytesOf(value) === needed);
    peak = Math.max(peak, now + (isReused ? 0 : needed));
    const unread = made.filter((value) => !lastRead.has(value));
    now += needed - [...released, ...unread].reduce((sum, value) => sum + bytesOf(value), 0);
    peak = Math.max(peak, now);
  });
  return peak;
}

function executionOrder(nodes: readonly Node[]): Node[] {
  const index = new Map(nodes.map((node, i) => [node, i]));
  const maker = new Map(nodes.flatMap((node) => node.outputs.map((value) => [value, node] as const)));
  const before = (node: Node): Node[] => {
    const makers = new Set(node.inputs.flatMap((value) => maker.get(value) ?? []));
    return [...makers].sort((a, b) => must(index.get(a), 'node') - must(index.get(b), 'node'));
  };
  const read = new Set(nodes.flatMap(before));
  const stack = nodes.filter((node) => !read.has(node)).map((node) => ({ node, isLeft: false }));
  const seen = new Set<Node>();
  const order: Node[] = [];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (next.isLeft) order.push(next.node);
    else if (!seen.has(next.node)) {
      seen.add(next.node);
      stack.push({ node: next.node, isLeft: true });
      for (const node of before(next.node)) if (!seen.has(node)) stack.push({ node, isLeft: false });
    }
  }
  return order;
}
