/** Arithmetic and functions of each element. */
import { cast, elementwise } from '../../graph/emit.ts';
import { type Emitter, uniform, type Value } from '../../graph/graph.ts';
import { allInputs, elementType, input, type Kernel, type KernelTable } from '../kernel.ts';

const binary =
  (op: string): Kernel =>
  (call) =>
    elementwise(call.emit, op, [input(call, 'a'), input(call, 'b')]);

const unary =
  (op: string): Kernel =>
  (call) =>
    elementwise(call.emit, op, [input(call, 'x')]);

/** A formula of one input, written with the short hands of `formula`. */
const composed =
  (of: (x: Value, f: Formula, attributes: Readonly<Record<string, unknown>>) => Value): Kernel =>
  (call) =>
    of(input(call, 'x'), formula(call.emit), call.attributes);

type Operand = Value | number;
export type Formula = (op: string, ...operands: Operand[]) => Value;
/** `f('Add', x, 1)`: numbers become constants of the first value's type. */
export function formula(emit: Emitter): Formula {
  return (op, ...operands) => {
    const like = operands.find((o): o is Value => typeof o !== 'number');
    return elementwise(
      emit,
      op,
      operands.map((o) => (typeof o === 'number' ? uniform(o, [], like?.dtype ?? 'float32') : o)),
    );
  };
}

const logical = (emit: Emitter, op: string, a: Value, b: Value): Value =>
  elementwise(emit, op, [a, b], 'bool');

/** Floor of a quotient. int32 has no Floor: it goes through float32, exact up to 2²⁴. */
function floorDiv(emit: Emitter, a: Value, b: Value): Value {
  const f = formula(emit);
  const quotient = f('Floor', f('Div', cast(emit, a, 'float32'), cast(emit, b, 'float32')));
  return cast(emit, quotient, a.dtype);
}

const seluAlpha = 1.6732632423543772;
const seluScale = 1.0507009873554805;

export const elementwiseKernels: KernelTable = {
  Add: binary('Add'),
  Sub: binary('Sub'),
  Multiply: binary('Mul'),
  Pow: binary('Pow'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  // The quotient of integers is a float in tfjs.
  RealDiv: (call) => {
    const [a, b] = [input(call, 'a'), input(call, 'b')];
    return elementwise(call.emit, 'Div', [cast(call.emit, a, 'float32'), cast(call.emit, b, 'float32')]);
  },
  FloorDiv: (call) => floorDiv(call.emit, input(call, 'a'), input(call, 'b')),
  // The sign of the divisor, as in Python: a − b ⌊a / b⌋.
  Mod: (call) => {
    const [a, b] = [input(call, 'a'), input(call, 'b')];
    const f = formula(call.emit);
    return f('Sub', a, f('Mul', b, floorDiv(call.emit, a, b)));
  },
  SquaredDifference: (call) => {
    const difference = elementwise(call.emit, 'Sub', [input(call, 'a'), input(call, 'b')]);
    return elementwise(call.emit, 'Mul', [difference, difference]);
  },
  // The angle of (b, a) through the half-angle of the one branch that is stable for it.
  Atan2: (call) => {
    const { emit } = call;
    const f = formula(emit);
    const [y, x] = [input(call, 'a'), input(call, 'b')];
    const base = f('Atan', f('Div', y, x));
    const turned = f(
      'Add',
      base,
      elementwise(
        emit,
        'Where',
        [logical(emit, 'Less', y, uniform(0)), uniform(-Math.PI), uniform(Math.PI)],
        'float32',
      ),
    );
    const away = elementwise(emit, 'Where', [logical(emit, 'Less', x, uniform(0)), turned, base], 'float32');
    const upright = f('Mul', f('Sign', y), Math.PI / 2);
    return elementwise(emit, 'Where', [logical(emit, 'Equal', x, uniform(0)), upright, away], 'float32');
  },
  AddN: (call) => {
    const [first, ...rest] = allInputs(call) as [Value, ...Value[]];
    return rest.reduce((sum, v) => elementwise(call.emit, 'Add', [sum, v]), first);
  },
  Prelu: (call) => {
    const [x, alpha] = [input(call, 'x'), input(call, 'alpha')];
    const f = formula(call.emit);
    return f('Add', f('Max', x, 0), f('Mul', alpha, f('Min', x, 0)));
  },
  Abs: unary('Abs'),
  Acos: unary('Acos'),
  Acosh: unary('Acosh'),
  Asin: unary('Asin'),
  Asinh: unary('Asinh'),
  Atan: unary('Atan'),
  Atanh: unary('Atanh'),
  Ceil: unary('Ceil'),
  Cos: unary('Cos'),
  Cosh: unary('Cosh'),
  Elu: unary('Elu'),
  Erf: unary('Erf'),
  Exp: unary('Exp'),
  Floor: unary('Floor'),
  Log: unary('Log'),
  Neg: unary('Neg'),
  Reciprocal: unary('Reciprocal'),
  Relu: unary('Relu'),
  Round: unary('Round'),
  Sigmoid: unary('Sigmoid'),
  Sign: unary('Sign'),
  Sin: unary('Sin'),
  Sinh: unary('Sinh'),
  Softplus: unary('Softplus'),
  Sqrt: unary('Sqrt'),
  Tan: unary('Tan'),
  Tanh: unary('Tanh'),
  Identity: unary('Identity'),
  Expm1: composed((x, f) => f('Sub', f('Exp', x), 1)),
  Log1p: composed((x, f) => f('Log', f('Add', x, 1))),
  Square: composed((x, f) => f('Mul', x, x)),
  Rsqrt: composed((x, f) => f('Reciprocal', f('Sqrt', x))),
  Relu6: composed((x, f) => f('Min', f('Relu', x), 6)),
  Selu: composed((x, f) =>
    f('Mul', f('Add', f('Max', x, 0), f('Mul', f('Sub', f('Exp', f('Min', x, 0)), 1), seluAlpha)), seluScale),
  ),
  LeakyRelu: composed((x, f, { alpha }) =>
    f('Add', f('Max', x, 0), f('Mul', f('Min', x, 0), alpha as number)),
  ),
  ClipByValue: composed((x, f, { clipValueMin, clipValueMax }) =>
    f('Min', f('Max', x, clipValueMin as number), clipValueMax as number),
  ),
  // 1 above zero, alpha below: at zero itself 0 (alpha is 0 in every gradient).
  Step: (call) => {
    const x = input(call, 'x');
    const above = cast(call.emit, logical(call.emit, 'Greater', x, uniform(0)), 'float32');
    const alpha = (call.attributes.alpha as number | undefined) ?? 0;
    if (alpha === 0) return above;
    const f = formula(call.emit);
    return f('Add', above, f('Mul', f('Sub', 1, above), alpha));
  },
  Cast: (call) => {
    const x = input(call, 'x');
    const dtype = elementType(call.attributes.dtype);
    return x.dtype === dtype ? elementwise(call.emit, 'Identity', [x]) : cast(call.emit, x, dtype);
  },
  // Inference form, as tf.batchNorm defines it: scale (x − mean) / √(variance + ε) + offset.
  FusedBatchNorm: (call) => {
    const { emit, attributes, inputs } = call;
    const f = formula(emit);
    const deviation = f('Sqrt', f('Add', input(call, 'variance'), attributes.varianceEpsilon as number));
    const factor = inputs.scale ? f('Div', inputs.scale, deviation) : f('Reciprocal', deviation);
    const centred = f('Mul', f('Sub', input(call, 'x'), input(call, 'mean')), factor);
    return inputs.offset ? f('Add', centred, inputs.offset) : centred;
  },
};
