/** Drops nodes whose results nobody uses. */
import type { Graph, Node, Value } from '../graph/graph.ts';

export function deadNodes(graph: Graph): Graph {
  const needed = new Set<Value>(graph.outputs.map((o) => o.value));
  const nodes: Node[] = [];
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i] as Node;
    if (!node.outputs.some((v) => needed.has(v))) continue;
    for (const input of node.inputs) needed.add(input);
    nodes.push(node);
  }
  return { ...graph, nodes: nodes.reverse() };
}
