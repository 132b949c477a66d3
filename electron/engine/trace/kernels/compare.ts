/** Comparisons, logic and selection. Results are `bool`, as in tfjs. */
import { cast, elementwise, one } from '../../graph/emit.ts';
import { broadcastShape, type Value } from '../../graph/graph.ts';
import { input, type Kernel, type KernelTable } from '../kernel.ts';

const comparison =
  (op: string): Kernel =>
  (call) => {
    // ONNX compares no bools but for equality; int32 covers both.
    const numeric = (v: Value) => (v.dtype === 'bool' ? cast(call.emit, v, 'int32') : v);
    return elementwise(call.emit, op, [numeric(input(call, 'a')), numeric(input(call, 'b'))], 'bool');
  };
const logic =
  (op: string): Kernel =>
  (call) =>
    elementwise(call.emit, op, [input(call, 'a'), input(call, 'b')], 'bool');
const test =
  (op: string): Kernel =>
  (call) =>
    elementwise(call.emit, op, [input(call, 'x')], 'bool');

export const compareKernels: KernelTable = {
  Equal: comparison('Equal'),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  NotEqual: (call) => elementwise(call.emit, 'Not', [comparison('Equal')(call) as Value], 'bool'),
  LogicalAnd: logic('And'),
  LogicalOr: logic('Or'),
  LogicalNot: test('Not'),
  IsNan: test('IsNaN'),
  IsInf: test('IsInf'),
  IsFinite: (call) => {
    const either = elementwise(
      call.emit,
      'Or',
      [test('IsNaN')(call) as Value, test('IsInf')(call) as Value],
      'bool',
    );
    return elementwise(call.emit, 'Not', [either], 'bool');
  },
  Select: (call) => {
    const { emit } = call;
    const [t, e] = [input(call, 't'), input(call, 'e')];
    const given = input(call, 'condition');
    const condition = cast(emit, given, 'bool');
    // A condition of rank 1 selects rows (tfjs's older form); numpy would align it with the last axis.
    const rows = condition.shape.length === 1 && t.shape.length > 1;
    const aligned = rows
      ? one(emit, 'Reshape', [condition], [...condition.shape, ...t.shape.slice(1).map(() => 1)], {
          shape: [...condition.shape, ...t.shape.slice(1).map(() => 1)],
        })
      : condition;
    return one(emit, 'Where', [aligned, t, e], broadcastShape(aligned.shape, t.shape, e.shape), {}, t.dtype);
  },
};
