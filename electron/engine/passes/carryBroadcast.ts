/**
 * Constants that are one number, and values stretched along an axis, are never written out: the small *core* is carried
 * through elementwise operators, reshapes, transposes and reductions, and stretched (`Expand`) only for an operator that
 * needs the full array. Gradients are full of them (`dy · ones`, the spread of a mean). A naive graph of a ResNet-18 step
 * held 316 MB of such constants. Arithmetic on constants alone is done here; `x · 1` and `x + 0` disappear.
 */
import { must } from '../../base/assert.ts';
import { elementwise, expand, one, reshape, slice, transpose } from '../graph/emit.ts';
import {
  broadcastShape,
  type Emitter,
  type Graph,
  isUniform,
  type Node,
  type Shape,
  sameShape,
  sizeOf,
  uniform,
  type Value,
} from '../graph/graph.ts';
import { elementwiseOps, reductionOps } from '../graph/operators.ts';
import { keep, rewrite } from '../graph/rewrite.ts';
import { foldScalars } from './foldScalars.ts';

/** Uniform constants up to this many elements are written out where a full array is needed. */
const smallConstant = 64;

export function carryBroadcast(graph: Graph): Graph {
  const cores = new Map<Value, Value>();
  const full = new Map<Value, Value>();

  const coreOf = (v: Value): Value =>
    cores.get(v) ??
    (v.constant?.kind === 'uniform' && v.shape.length > 0 ? uniform(v.constant.value, [], v.dtype) : v);

  /** A value of `shape` that stands for its stretched core. */
  const stretched = (core: Value, shape: Shape): Value => {
    if (sameShape(core.shape, shape)) return core;
    if (core.constant?.kind === 'uniform') return uniform(core.constant.value, shape, core.dtype);
    const placeholder: Value = { shape, dtype: core.dtype };
    cores.set(placeholder, core);
    return placeholder;
  };

  const materialise = (v: Value, emit: Emitter): Value => {
    const core = coreOf(v);
    if (core === v || (isUniform(v) && sizeOf(v.shape) <= smallConstant)) return v;
    const known = full.get(v);
    if (known) return known;
    const made = expand(emit, core, v.shape);
    full.set(v, made);
    return made;
  };

  /** The core with leading axes of size 1 up to the rank of the value it stands for. */
  const padded = (core: Value, rank: number, emit: Emitter): Value =>
    core.constant?.kind === 'uniform'
      ? uniform(core.constant.value, new Array<number>(rank).fill(1), core.dtype)
      : reshape(emit, core, [...new Array<number>(rank - core.shape.length).fill(1), ...core.shape]);

  const rule = (node: Node, emit: Emitter): Value[] => {
    const [x] = node.inputs;
    const [out] = node.outputs;
    if (x === undefined || out === undefined || node.outputs.length > 1) return whole(node, emit);
    if (elementwiseOps.has(node.op) && node.domain === '') {
      const inputs = node.inputs.map(coreOf);
      const simple = simplify(node, inputs) ?? foldScalars(node, inputs, out.dtype);
      return [stretched(simple ?? emitElementwise(node, inputs, out, emit), out.shape)];
    }
    const core = coreOf(x);
    if (node.op === 'Expand') return [stretched(core, out.shape)];
    if (core === x && !isUniform(x)) return whole(node, emit);
    if (node.op === 'Reshape') {
      if (sizeOf(core.shape) === 1) return [stretched(reshape(emit, core, []), out.shape)];
      const dims = followUnits(x.shape, padded(core, x.shape.length, emit).shape, out.shape);
      if (dims) return [stretched(reshape(emit, core, dims), out.shape)];
    }
    if (node.op === 'Transpose' && node.attributes.real !== 1) {
      const moved = transpose(emit, padded(core, x.shape.length, emit), node.attributes.perm as number[]);
      return [stretched(moved, out.shape)];
    }
    if (node.op === 'Slice')
      return [stretched(sliceCore(node, padded(core, x.shape.length, emit), x, emit), out.shape)];
    if (
      reductionOps.has(node.op) &&
      !['ReduceProd', 'ReduceSumSquare', 'ReduceL1', 'ReduceL2'].includes(node.op)
    ) {
      return [stretched(reduceCore(node, padded(core, x.shape.length, emit), x, emit), out.shape)];
    }
    return whole(node, emit);
  };
  const whole = (node: Node, emit: Emitter): Value[] =>
    keep({ ...node, inputs: node.inputs.map((v) => materialise(v, emit)) }, emit);

  return rewrite(graph, rule, materialise);
}

function emitElementwise(node: Node, inputs: readonly Value[], out: Value, emit: Emitter): Value {
  const shape = broadcastShape(...inputs.map((v) => v.shape));
  return one(emit, node.op, inputs, shape, node.attributes, out.dtype);
}

/** The operand that the operator leaves as it is, if one does. Values of other types are never passed on. */
function simplify(node: Node, inputs: readonly Value[]): Value | undefined {
  const [a, b] = inputs;
  if (a === undefined) return undefined;
  if (node.op === 'Identity') return a;
  if (node.op === 'Cast') return a.dtype === node.outputs[0]?.dtype ? a : undefined;
  if (b === undefined) return undefined;
  if (node.op === 'Mul') return isUniform(b, 1) ? a : isUniform(a, 1) ? b : undefined;
  if (node.op === 'Add') return isUniform(b, 0) ? a : isUniform(a, 0) ? b : undefined;
  if (node.op === 'Sub') return isUniform(b, 0) ? a : undefined;
  if (node.op === 'Div' || node.op === 'Pow') return isUniform(b, 1) ? a : undefined;
  return undefined;
}

/** For a reshape that only adds and removes axes of size 1: the shape of the reshaped core. */
function followUnits(from: Shape, core: Shape, to: Shape): number[] | undefined {
  const sizes = from.flatMap((d, i) => (d === 1 ? [] : [{ d, core: must(core[i], 'axis') }]));
  if (
    !sameShape(
      sizes.map((s) => s.d),
      to.filter((d) => d !== 1),
    )
  )
    return undefined;
  let next = 0;
  return to.map((d) => (d === 1 ? 1 : must(sizes[next++], 'axis').core));
}

function sliceCore(node: Node, core: Value, x: Value, emit: Emitter): Value {
  const [axes, starts, ends, steps] = ['axes', 'starts', 'ends', 'steps'].map(
    (k) => node.attributes[k] as number[],
  ) as [number[], number[], number[], number[]];
  const wanted = axes
    .map((_, i) => i)
    .filter((i) => core.shape[axes[i] as number] === x.shape[axes[i] as number]);
  const pick = (list: number[]) => wanted.map((i) => list[i] as number);
  if (core.constant?.kind === 'uniform') return uniform(core.constant.value, [], core.dtype);
  return slice(emit, core, pick(axes), pick(starts), pick(ends), pick(steps));
}

/** Reduces the core; a sum over stretched axes is a product with their size. */
function reduceCore(node: Node, core: Value, x: Value, emit: Emitter): Value {
  const axes = node.attributes.axes as number[];
  const keepdims = node.attributes.keepdims === 1;
  const repeats = axes.reduce((n, a) => n * (must(x.shape[a], 'axis') / must(core.shape[a], 'axis')), 1);
  const factor = node.op === 'ReduceSum' ? repeats : 1;
  if (core.constant?.kind === 'uniform') return uniform(core.constant.value * factor, [], core.dtype);
  const kept = core.shape.map((d, i) => (axes.includes(i) ? 1 : d));
  const shape = keepdims ? kept : kept.filter((_, i) => !axes.includes(i));
  const reduced = axes.every((a) => core.shape[a] === 1)
    ? reshape(emit, core, shape)
    : one(emit, node.op, [core], shape, node.attributes);
  return factor === 1 ? reduced : elementwise(emit, 'Mul', [reduced, uniform(factor, [], core.dtype)]);
}
