/** Short hands for the nodes that kernels and passes write most. Shapes are those of the result. */
import { must } from '../../base/assert.ts';
import type { Attributes, ElementType, Emitter, Shape, Value } from './graph.ts';
import { broadcastShape, sameShape, uniform } from './graph.ts';

export function one(
  emit: Emitter,
  op: string,
  inputs: readonly Value[],
  shape: Shape,
  attributes: Attributes = {},
  dtype?: ElementType,
): Value {
  const output = dtype === undefined ? { shape } : { shape, dtype };
  return must(emit.node(op, inputs, attributes, [output])[0], op);
}

/** An elementwise operator with broadcasting. */
export const elementwise = (
  emit: Emitter,
  op: string,
  inputs: readonly Value[],
  dtype?: ElementType,
): Value => one(emit, op, inputs, broadcastShape(...inputs.map((v) => v.shape)), {}, dtype);

export const reshape = (emit: Emitter, x: Value, shape: Shape): Value =>
  sameShape(x.shape, shape) ? x : one(emit, 'Reshape', [x], shape, { shape });

export const transpose = (emit: Emitter, x: Value, perm: readonly number[]): Value =>
  perm.every((p, i) => p === i)
    ? x
    : one(
        emit,
        'Transpose',
        [x],
        perm.map((p) => must(x.shape[p], 'axis')),
        { perm },
      );

export function cast(emit: Emitter, x: Value, dtype: ElementType): Value {
  return x.dtype === dtype ? x : one(emit, 'Cast', [x], x.shape, { to: onnxType[dtype] }, dtype);
}

export const expand = (emit: Emitter, x: Value, shape: Shape): Value =>
  sameShape(x.shape, shape) ? x : one(emit, 'Expand', [x], shape, { shape });

/** Half-open ranges `[starts, ends)` with steps along the given axes. */
export function slice(
  emit: Emitter,
  x: Value,
  axes: readonly number[],
  starts: readonly number[],
  ends: readonly number[],
  steps: readonly number[] = axes.map(() => 1),
): Value {
  const shape = [...x.shape];
  axes.forEach((axis, i) => {
    const [start, end, step] = [must(starts[i], 'start'), must(ends[i], 'end'), must(steps[i], 'step')];
    shape[axis] = Math.max(0, Math.ceil((end - start) / step));
  });
  return sameShape(shape, x.shape) && steps.every((s) => s === 1)
    ? x
    : one(emit, 'Slice', [x], shape, { starts, ends, axes, steps });
}

/** Pads with a constant; `before` and `after` have one entry per axis. */
export function pad(
  emit: Emitter,
  x: Value,
  before: readonly number[],
  after: readonly number[],
  value = 0,
): Value {
  if ([...before, ...after].every((n) => n === 0)) return x;
  const shape = x.shape.map((d, i) => d + must(before[i], 'padding') + must(after[i], 'padding'));
  const inputs = value === 0 ? [x] : [x, uniform(value, [], x.dtype)];
  return one(emit, 'Pad', inputs, shape, { pads: [...before, ...after] });
}

export function concat(emit: Emitter, values: readonly Value[], axis: number): Value {
  const first = must(values[0], 'a value to join');
  if (values.length === 1) return first;
  const shape = [...first.shape];
  shape[axis] = values.reduce((n, v) => n + must(v.shape[axis], 'axis'), 0);
  return one(emit, 'Concat', values, shape, { axis });
}

/** `a · b` over the last two axes; leading axes broadcast. */
export function matMul(emit: Emitter, a: Value, b: Value): Value {
  const shape = [
    ...broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)),
    must(a.shape.at(-2), 'rows'),
    must(b.shape.at(-1), 'columns'),
  ];
  return one(emit, 'MatMul', [a, b], shape);
}

/** TensorProto.DataType of the ONNX specification. */
export const onnxType: Readonly<Record<ElementType, number>> = {
  float32: 1,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
};
