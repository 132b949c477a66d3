/** `MatMul` of a transposed matrix becomes onnxruntime's `FusedMatMul`, which reads it transposed and copies nothing. */
import type { Emitter, Graph, Node, Value } from '../graph/graph.ts';
import { identity, samePerm } from '../graph/perm.ts';
import { keep, rewrite } from '../graph/rewrite.ts';

export function fuseMatMul(graph: Graph): Graph {
  const transposes = new Map<Value, Value>();
  const source = (v: Value | undefined): Value | undefined => (v ? transposes.get(v) : undefined);
  return rewrite(graph, (node: Node, emit: Emitter) => {
    const [a, b] = node.inputs;
    if (node.op === 'MatMul' && a && b) {
      const [left, right] = [source(a), source(b)];
      if (left || right) {
        const attributes = { transA: left ? 1 : 0, transB: right ? 1 : 0 };
        return emit.node('FusedMatMul', [left ?? a, right ?? b], attributes, node.outputs, 'com.microsoft');
      }
    }
    const outputs = keep(node, emit);
    if (node.op === 'Transpose' && a && outputs[0] && swapsLast(node.attributes.perm as number[])) {
      transposes.set(outputs[0], a);
    }
    return outputs;
  });
}

function swapsLast(perm: readonly number[]): boolean {
  const n = perm.length;
  return n >= 2 && samePerm(perm, [...identity(n - 2), n - 1, n - 2]);
}
