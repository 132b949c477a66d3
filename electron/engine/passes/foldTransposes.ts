/** Transposes and reshapes of constants are done now, so that an exported model holds its weights as they are used. */
import { must } from '../../base/assert.ts';
import { type Emitter, type Graph, type Node, sizeOf, type Value } from '../graph/graph.ts';
import { permute } from '../graph/perm.ts';
import { keep, rewrite } from '../graph/rewrite.ts';

export function foldTransposes(graph: Graph): Graph {
  return rewrite(graph, (node: Node, emit: Emitter) => {
    const [x] = node.inputs;
    const [out] = node.outputs;
    if (x?.constant?.kind !== 'dense' || !out) return keep(node, emit);
    if (node.op === 'Reshape') return [{ ...x, shape: out.shape }];
    if (node.op !== 'Transpose' || !(x.constant.data instanceof Float32Array)) return keep(node, emit);
    const data = transposed(x.constant.data, x.shape, node.attributes.perm as number[]);
    return [{ shape: out.shape, dtype: x.dtype, constant: { kind: 'dense', data } } satisfies Value];
  });
}

function transposed(data: Float32Array, shape: readonly number[], perm: readonly number[]): Float32Array {
  const strides = shape.map((_, i) => sizeOf(shape.slice(i + 1)));
  const sizes = permute(shape, perm);
  const steps = permute(strides, perm);
  const result = new Float32Array(data.length);
  const index = sizes.map(() => 0);
  let from = 0;
  for (let i = 0; i < result.length; i++) {
    result[i] = must(data[from], 'element');
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      const step = must(steps[axis], 'step');
      const next = must(index[axis], 'index') + 1;
      if (next < must(sizes[axis], 'size')) {
        index[axis] = next;
        from += step;
        break;
      }
      from -= step * (next - 1);
      index[axis] = 0;
    }
  }
  return result;
}
