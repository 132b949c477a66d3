/** Matrix products. Transposes are separate nodes: the passes fuse them into the product. */
import { elementwise, matMul, one, transpose } from '../../graph/emit.ts';
import type { Emitter, Value } from '../../graph/graph.ts';
import { identity } from '../../graph/perm.ts';
import { allInputs, input, type KernelCall, type KernelTable, refuse } from '../kernel.ts';

function swap(emit: Emitter, x: Value, wanted: unknown): Value {
  const rank = x.shape.length;
  return wanted ? transpose(emit, x, [...identity(rank - 2), rank - 1, rank - 2]) : x;
}
const product = (call: KernelCall): Value => {
  const { transposeA, transposeB } = call.attributes;
  return matMul(
    call.emit,
    swap(call.emit, input(call, 'a'), transposeA),
    swap(call.emit, input(call, 'b'), transposeB),
  );
};

export const matmulKernels: KernelTable = {
  BatchMatMul: product,
  _FusedMatMul: (call) => {
    if (call.attributes.activation && call.attributes.activation !== 'linear') {
      return refuse('a fused activation: use tf.matMul and the activation');
    }
    const { bias } = call.inputs;
    return bias ? elementwise(call.emit, 'Add', [product(call), bias]) : product(call);
  },
  Einsum: (call) => {
    const values = allInputs(call);
    const equation = (call.attributes.equation as string).replaceAll(' ', '');
    const [left, right] = equation.split('->');
    if (left === undefined || right === undefined) return refuse(`the equation '${equation}' has no output`);
    const sizes = new Map<string, number>();
    left.split(',').forEach((letters, i) => {
      [...letters].forEach((letter, axis) => {
        sizes.set(letter, values[i]?.shape[axis] ?? 1);
      });
    });
    return one(
      call.emit,
      'Einsum',
      values,
      [...right].map((letter) => sizes.get(letter) ?? 1),
      { equation },
    );
  },
};
