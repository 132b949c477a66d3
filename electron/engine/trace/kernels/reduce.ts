/** Reductions, softmax, cumulative sums and sorting. */

import { must } from '../../../base/assert.ts';
import { cast, elementwise, one, slice } from '../../graph/emit.ts';
import type { Emitter, Value } from '../../graph/graph.ts';
import { axesOf, axisOf, input, type Kernel, type KernelCall, type KernelTable } from '../kernel.ts';

export function reduce(
  emit: Emitter,
  op: string,
  x: Value,
  axes: readonly number[],
  keepDims: boolean,
): Value {
  const shape = keepDims
    ? x.shape.map((d, i) => (axes.includes(i) ? 1 : d))
    : x.shape.filter((_, i) => !axes.includes(i));
  // No axes would mean all of them to ONNX.
  if (axes.length === 0) return elementwise(emit, 'Identity', [x]);
  return one(emit, op, [x], shape, { axes, keepdims: keepDims ? 1 : 0 });
}

const reduction =
  (op: string): Kernel =>
  (call) => {
    const x = input(call, 'x');
    // Max alone calls them reductionIndices.
    const axes = axesOf(call.attributes.axis ?? call.attributes.reductionIndices, x.shape.length);
    return reduce(call.emit, op, x, axes, call.attributes.keepDims === true);
  };

/** ONNX reduces no bools. */
const overBools =
  (op: string): Kernel =>
  (call) => {
    const x = cast(call.emit, input(call, 'x'), 'int32');
    const reduced = reduction(op)({ ...call, inputs: { x } }) as Value;
    return cast(call.emit, reduced, 'bool');
  };

const argument =
  (op: string): Kernel =>
  (call) => {
    const x = input(call, 'x');
    const axis = axisOf(call.attributes.axis, x.shape.length);
    const shape = x.shape.filter((_, i) => i !== axis);
    return cast(call.emit, one(call.emit, op, [x], shape, { axis, keepdims: 0 }, 'int64'), 'int32');
  };

const cumulative = (call: KernelCall): Value => {
  const x = input(call, 'x');
  const { axis, exclusive, reverse } = call.attributes;
  return one(call.emit, 'CumSum', [x], x.shape, {
    axis: axisOf(axis, x.shape.length),
    exclusive: exclusive ? 1 : 0,
    reverse: reverse ? 1 : 0,
  });
};

export const reduceKernels: KernelTable = {
  Sum: reduction('ReduceSum'),
  Mean: (call) =>
    reduction('ReduceMean')({ ...call, inputs: { x: cast(call.emit, input(call, 'x'), 'float32') } }),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  Prod: reduction('ReduceProd'),
  All: overBools('ReduceMin'),
  Any: overBools('ReduceMax'),
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
  Cumsum: cumulative,
  Softmax: (call) => {
    const x = input(call, 'logits');
    const { dim } = call.attributes;
    return one(call.emit, 'Softmax', [x], x.shape, { axis: axisOf(dim ?? -1, x.shape.length) });
  },
  TopK: (call) => {
    const x = input(call, 'x');
    const k = call.attributes.k as number;
    const shape = [...x.shape.slice(0, -1), k];
    const [values, indices] = call.emit.node(
      'TopK',
      [x],
      { k, axis: x.shape.length - 1, largest: 1, sorted: call.attributes.sorted === false ? 0 : 1 },
      [{ shape }, { shape, dtype: 'int64' }],
    );
    return [must(values, 'values'), cast(call.emit, must(indices, 'indices'), 'int32')];
  },
};

/** The elements `[start, start + size)` of one axis. */
export const range = (emit: Emitter, x: Value, axis: number, start: number, size: number): Value =>
  slice(emit, x, [axis], [start], [start + size]);
