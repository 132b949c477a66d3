/** Elementwise arithmetic on constants that are one number, in float32. */
import type { ElementType, Node, Value } from '../graph/graph.ts';
import { uniform } from '../graph/graph.ts';

const rules: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Max: (a, b) => Math.max(a, b),
  Min: (a, b) => Math.min(a, b),
  Pow: (a, b) => a ** b,
  Neg: (a) => -a,
  Abs: (a) => Math.abs(a),
  Sqrt: (a) => Math.sqrt(a),
  Exp: (a) => Math.exp(a),
  Log: (a) => Math.log(a),
  Sign: (a) => Math.sign(a),
  Reciprocal: (a) => 1 / a,
  Relu: (a) => Math.max(a, 0),
  Equal: (a, b) => Number(a === b),
  Greater: (a, b) => Number(a > b),
  Less: (a, b) => Number(a < b),
  GreaterOrEqual: (a, b) => Number(a >= b),
  LessOrEqual: (a, b) => Number(a <= b),
  Not: (a) => Number(!a),
  And: (a, b) => Number(Boolean(a && b)),
  Or: (a, b) => Number(Boolean(a || b)),
};

/** The result as a scalar constant, or undefined when an input is not one number or the operator is not in the table. */
export function foldScalars(node: Node, inputs: readonly Value[], dtype: ElementType): Value | undefined {
  const numbers: number[] = [];
  for (const { constant } of inputs) {
    if (constant?.kind !== 'uniform') return undefined;
    numbers.push(constant.value);
  }
  const [a, b] = numbers;
  if (a === undefined) return undefined;
  if (node.op === 'Cast') {
    return uniform(dtype === 'bool' ? Number(a !== 0) : dtype === 'float32' ? a : Math.trunc(a), [], dtype);
  }
  const rule = rules[node.op];
  if (!rule) return undefined;
  const result = rule(a, b ?? Number.NaN);
  if (dtype === 'int32' || dtype === 'int64') {
    return Number.isInteger(result) ? uniform(result, [], dtype) : undefined;
  }
  return uniform(Math.fround(result), [], dtype);
}
