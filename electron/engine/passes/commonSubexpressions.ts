/** Nodes with the same operator, attributes and inputs are one node; equal small constants are one constant. */
import { type Emitter, type Graph, type Node, sizeOf, type Value } from '../graph/graph.ts';
import { keep, rewrite } from '../graph/rewrite.ts';

/** Comparing larger constants costs more than sharing them saves. */
const comparedElements = 4096;

export function commonSubexpressions(graph: Graph): Graph {
  const ids = new Map<Value, number>();
  const constants = new Map<string, Value>();
  const seen = new Map<string, readonly Value[]>();
  const shared = (v: Value): Value => {
    if (!v.constant) return v;
    const { constant } = v;
    if (constant.kind === 'dense' && sizeOf(v.shape) > comparedElements) return v;
    const content = constant.kind === 'uniform' ? `=${constant.value}` : constant.data.join(',');
    const key = `${v.dtype}[${v.shape.join(',')}]${content}`;
    const first = constants.get(key) ?? v;
    constants.set(key, first);
    return first;
  };
  const id = (v: Value): number => {
    const known = ids.get(v) ?? ids.size;
    ids.set(v, known);
    return known;
  };
  return rewrite(graph, (node: Node, emit: Emitter) => {
    const inputs = node.inputs.map(shared);
    const key = `${node.domain}.${node.op}(${inputs.map(id).join(',')})${JSON.stringify(node.attributes)}×${node.outputs.length}`;
    const known = seen.get(key);
    if (known) return known;
    const outputs = keep({ ...node, inputs }, emit);
    seen.set(key, outputs);
    return outputs;
  });
}
