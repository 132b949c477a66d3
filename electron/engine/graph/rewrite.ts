/** The frame of every pass: walk the nodes in order, let a rule emit replacements, and map the outputs. */
import { must } from '../../base/assert.ts';
import { type Emitter, emitter, type Graph, type Node, type Value } from './graph.ts';

/**
 * `rule` gets a node whose inputs are already rewritten and returns the values that stand for its outputs, emitting what
 * it needs. `finish` gives the value for each graph output (a lazy pass materialises there).
 */
export function rewrite(
  graph: Graph,
  rule: (node: Node, emit: Emitter) => readonly Value[],
  finish: (value: Value, emit: Emitter) => Value = (value) => value,
): Graph {
  const nodes: Node[] = [];
  const emit = emitter(nodes);
  const replaced = new Map<Value, Value>();
  const now = (value: Value) => replaced.get(value) ?? value;
  for (const node of graph.nodes) {
    const outputs = rule({ ...node, inputs: node.inputs.map(now) }, emit);
    node.outputs.forEach((old, i) => {
      replaced.set(old, must(outputs[i], `output ${i} of ${node.op}`));
    });
  }
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: finish(now(value), emit) }));
  return { ...graph, nodes, outputs };
}

/** Emits a node as it is. */
export const keep = (node: Node, emit: Emitter): Value[] =>
  emit.node(node.op, node.inputs, node.attributes, node.outputs, node.domain);
