/**
 * Transposes are carried, not done. tfjs is NHWC and convolutions run in NCHW, so the tracer puts a transpose before and
 * after each; here a transposed value is remembered as (physical value, permutation) and handed through elementwise
 * operators, reductions, slices, pads and joins with their axes renumbered. Two that meet cancel. Only an operator that
 * cares for the order, an output of the graph, or the tracer's own word (`real`) makes one real.
 */
import { must } from '../../base/assert.ts';
import { one, reshape, transpose } from '../graph/emit.ts';
import {
  type Attributes,
  type Emitter,
  type Graph,
  type Node,
  type Shape,
  sizeOf,
  type Value,
} from '../graph/graph.ts';
import { axisOps, elementwiseOps, reductionOps } from '../graph/operators.ts';
import {
  compose,
  identity,
  inverse,
  isIdentity,
  movesNothing,
  type Perm,
  permute,
  samePerm,
} from '../graph/perm.ts';
import { keep, rewrite } from '../graph/rewrite.ts';

/** `value = Transpose(physical, perm)`. */
interface Carried {
  readonly physical: Value;
  readonly perm: Perm;
}

export function carryLayout(graph: Graph): Graph {
  const carried = new Map<Value, Carried>();
  const real = new Map<Value, Value>();

  const get = (v: Value): Carried => carried.get(v) ?? { physical: v, perm: identity(v.shape.length) };
  const remember = (physical: Value, perm: Perm): Value => {
    if (isIdentity(perm)) return physical;
    const placeholder: Value = { shape: permute(physical.shape, perm), dtype: physical.dtype };
    carried.set(placeholder, { physical, perm });
    return placeholder;
  };
  const materialise = (v: Value, emit: Emitter): Value => {
    const known = real.get(v);
    if (known) return known;
    const { physical, perm } = get(v);
    const made = move(physical, perm, emit);
    real.set(v, made);
    return made;
  };

  /** The physical value of `v`, brought to the rank of `perm` and its layout. */
  const align = (v: Value, perm: Perm, emit: Emitter): Value => {
    if (sizeOf(v.shape) === 1 && v.shape.length < perm.length) return v;
    const { physical, perm: own } = get(v);
    const extra = perm.length - own.length;
    const lifted = [...identity(extra), ...own.map((p) => p + extra)];
    const shape = [...new Array<number>(extra).fill(1), ...physical.shape];
    const wanted = compose(lifted, inverse(perm));
    if (isIdentity(wanted))
      return extra === 0 || sizeOf(v.shape) === 1 ? physical : leadingUnits(physical, shape, emit);
    if (movesNothing(shape, wanted)) return reshape(emit, physical, permute(shape, wanted));
    return transpose(emit, reshape(emit, physical, shape), wanted);
  };

  const rule = (node: Node, emit: Emitter): Value[] => {
    const [x] = node.inputs;
    const [out] = node.outputs;
    if (x === undefined || out === undefined) return keep(node, emit);
    if (node.op === 'Transpose') {
      const { physical, perm } = get(x);
      if (node.attributes.real === 1)
        return [move(physical, compose(perm, node.attributes.perm as Perm), emit)];
      return [remember(physical, compose(perm, node.attributes.perm as Perm))];
    }
    if (!node.inputs.some((v) => carried.has(v))) return keep(node, emit);
    const { physical, perm } = get(x);
    if (node.domain === '' && (elementwiseOps.has(node.op) || node.op === 'Concat')) {
      const shared = choosePerm(
        node.inputs.map((v) => ({ ...get(v), shape: v.shape })),
        out.shape.length,
      );
      const inputs = node.inputs.map((v) => align(v, shared, emit));
      const attributes =
        node.op === 'Concat'
          ? { axis: must(shared[node.attributes.axis as number], 'axis') }
          : node.attributes;
      return [
        remember(
          one(emit, node.op, inputs, permute(out.shape, inverse(shared)), attributes, out.dtype),
          shared,
        ),
      ];
    }
    if (reductionOps.has(node.op)) return [reduce(node, physical, perm, out, emit, remember)];
    if (axisOps.has(node.op)) {
      const attributes = { ...node.attributes, axis: must(perm[node.attributes.axis as number], 'axis') };
      return [remember(one(emit, node.op, [physical], physical.shape, attributes, out.dtype), perm)];
    }
    if (node.op === 'Slice' || node.op === 'Pad' || node.op === 'Expand') {
      const inputs = [physical, ...node.inputs.slice(1)];
      const shape = permute(out.shape, inverse(perm));
      if (node.op !== 'Expand' || out.shape.length === x.shape.length) {
        return [remember(one(emit, node.op, inputs, shape, renumber(node, perm, shape)), perm)];
      }
    }
    if (node.op === 'Reshape') {
      const followed = followReshape(physical, perm, out.shape);
      if (followed) return [remember(reshape(emit, physical, followed.shape), followed.perm)];
    }
    return keep({ ...node, inputs: node.inputs.map((v) => materialise(v, emit)) }, emit);
  };
  return rewrite(graph, rule, materialise);
}

/** Adding leading axes of size 1 is what broadcasting does anyway. */
const leadingUnits = (physical: Value, shape: Shape, emit: Emitter): Value =>
  physical.shape.length === 0 ? physical : reshape(emit, physical, shape);

function move(physical: Value, perm: Perm, emit: Emitter): Value {
  return movesNothing(physical.shape, perm)
    ? reshape(emit, physical, permute(physical.shape, perm))
    : transpose(emit, physical, perm);
}

/** Channels first, as convolutions have it: where two layouts cost the same, the one that flows on. */
const channelsFirst = (perm: Perm): boolean =>
  perm.length >= 4 && perm.at(-1) === 1 && perm[0] === 0 && perm[1] === 2;

/** The layout that makes the fewest elements move. */
function choosePerm(inputs: readonly (Carried & { shape: Shape })[], rank: number): Perm {
  const candidates: Perm[] = [identity(rank)];
  for (const { perm } of inputs) {
    if (perm.length === rank && !candidates.some((c) => samePerm(c, perm))) candidates.push(perm);
  }
  const cost = (candidate: Perm) =>
    inputs.reduce((sum, { physical, perm }) => {
      const extra = rank - perm.length;
      const lifted = [...identity(extra), ...perm.map((p) => p + extra)];
      const shape = [...new Array<number>(extra).fill(1), ...physical.shape];
      return movesNothing(shape, compose(lifted, inverse(candidate))) ? sum : sum + sizeOf(shape);
    }, 0);
  return candidates
    .map((perm, i) => ({ perm, cost: cost(perm), order: channelsFirst(perm) ? -1 : i }))
    .reduce((best, c) => (c.cost < best.cost || (c.cost === best.cost && c.order < best.order) ? c : best))
    .perm;
}

function reduce(
  node: Node,
  physical: Value,
  perm: Perm,
  out: Value,
  emit: Emitter,
  remember: (physical: Value, perm: Perm) => Value,
): Value {
  const axes = (node.attributes.axes as number[]).map((a) => must(perm[a], 'axis'));
  const attributes = { ...node.attributes, axes: [...axes].sort((a, b) => a - b) };
  const kept = physical.shape.map((d, i) => (axes.includes(i) ? 1 : d));
  if (node.attributes.keepdims === 1)
    return remember(one(emit, node.op, [physical], kept, attributes, out.dtype), perm);
  const left = identity(perm.length).filter((i) => !axes.includes(i));
  const shape = left.map((i) => must(physical.shape[i], 'axis'));
  const order = perm.filter((p) => !axes.includes(p)).map((p) => left.indexOf(p));
  return remember(one(emit, node.op, [physical], shape, attributes, out.dtype), order);
}

/** The attributes of a slice, pad or expand with its axes renumbered. */
function renumber(node: Node, perm: Perm, shape: Shape): Attributes {
  if (node.op === 'Slice') {
    return { ...node.attributes, axes: (node.attributes.axes as number[]).map((a) => must(perm[a], 'axis')) };
  }
  if (node.op === 'Expand') return { shape };
  const pads = node.attributes.pads as number[];
  const rank = perm.length;
  const back = inverse(perm);
  return {
    ...node.attributes,
    pads: [...permute(pads.slice(0, rank), back), ...permute(pads.slice(rank), back)],
  };
}

/** A reshape that only splits axes and adds or removes axes of size 1, seen from the physical side. */
function followReshape(
  physical: Value,
  perm: Perm,
  to: Shape,
): { shape: number[]; perm: number[] } | undefined {
  const parts = new Map<number, number[]>();
  let next = 0;
  const skipUnits = () => {
    while (to[next] === 1) next += 1;
  };
  for (const axis of perm) {
    const size = must(physical.shape[axis], 'axis');
    const own: number[] = [];
    for (let product = 1; product < size; ) {
      skipUnits();
      const part = to[next];
      if (part === undefined || size % (product * part) !== 0) return undefined;
      product *= part;
      own.push(next);
      next += 1;
    }
    parts.set(axis, own);
  }
  skipUnits();
  if (next !== to.length) return undefined;
  // Physically: the parts of each axis where the axis was, then the new axes of size 1.
  const order = identity(perm.length).flatMap((axis) => must(parts.get(axis), 'parts'));
  const all = [...order, ...identity(to.length).filter((j) => to[j] === 1)];
  return { shape: all.map((j) => must(to[j], 'axis')), perm: identity(to.length).map((j) => all.indexOf(j)) };
}
