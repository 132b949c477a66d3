/** Turns the graph inputs `weights/NAME` into constants, so that they are part of the model. */
import { must } from '../../base/assert.ts';
import type { Arrays } from '../../compute/step.ts';
import type { Graph, Value } from '../graph/graph.ts';

const prefix = 'weights/';

export function bindWeights(graph: Graph, weights: Arrays): Graph {
  const bound = new Map<Value, Value>();
  for (const { name, value } of graph.inputs) {
    if (!name.startsWith(prefix)) continue;
    const { data } = must(weights[name.slice(prefix.length)], name);
    bound.set(value, { ...value, constant: { kind: 'dense', data } });
  }
  const now = (v: Value) => bound.get(v) ?? v;
  return {
    ...graph,
    inputs: graph.inputs.filter((p) => !p.name.startsWith(prefix)),
    nodes: graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(now) })),
    outputs: graph.outputs.map(({ name, value }) => ({ name, value: now(value) })),
  };
}
