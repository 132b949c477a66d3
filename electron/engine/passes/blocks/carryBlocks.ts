/**
 * Maps stay in blocks of channels from convolution to convolution: through scale and shift, residual sums, ReLU and their
 * gradients, and the sums that batch normalisation needs. They are brought back to [N, C, H, W] only for an operator that
 * cannot read blocks. A value in blocks is remembered as (logical value, its blocks), as `carryLayout` does with layouts.
 */
import { must } from '../../../base/assert.ts';
import { elementwise, one, reshape } from '../../graph/emit.ts';
import {
  type Emitter,
  type Graph,
  type Node,
  sameShape,
  sizeOf,
  uniform,
  type Value,
} from '../../graph/graph.ts';
import { elementwiseOps } from '../../graph/operators.ts';
import { keep, rewrite } from '../../graph/rewrite.ts';
import { type Affine, plus, write } from './affine.ts';
import { convolution, fitsConvolution } from './convolution.ts';
import { filterGradient } from './filterGradient.ts';
import { reorderInput, reorderOutput, scaleShift, sumOfPixels, sumOfProducts } from './operators.ts';

type Four = readonly [number, number, number, number];

/** @param block Channels per block of this machine's processor provider (see `run/channelBlock.ts`). */
export function carryBlocks(graph: Graph, block: number): Graph {
  const uses = countUses(graph);
  const blocks = new Map<Value, Value>();
  /** Sums and products that their only user may take into its own pass. */
  const sums = new Map<Value, Affine>();
  const products = new Map<Value, readonly [Value, Value]>();
  const written = new Map<Value, Value>();
  /** Blocks that are the result of a ReLU. */
  const rectified = new Set<Value>();

  const isCarried = (v: Value): boolean => blocks.has(v) || sums.has(v) || products.has(v);
  /** Logical values that no node writes: they stand for blocks. */
  const placeholders = new Set<Value>();
  const placeholder = (v: Value): Value => {
    const made: Value = { shape: v.shape, dtype: v.dtype };
    placeholders.add(made);
    return made;
  };
  const remember = (logical: Value, inBlocks: Value): Value => {
    const made = placeholder(logical);
    blocks.set(made, inBlocks);
    return made;
  };

  const inBlocks = (v: Value, emit: Emitter): Value => {
    const known = blocks.get(v);
    if (known) return known;
    const [sum, product] = [sums.get(v), products.get(v)];
    const made = sum
      ? write(emit, sum, false)
      : product
        ? elementwise(emit, 'Mul', product)
        : reorderInput(emit, v, block);
    blocks.set(v, made);
    return made;
  };
  const plain = (v: Value, emit: Emitter): Value => {
    if (!placeholders.has(v)) return v;
    const made = written.get(v) ?? reorderOutput(emit, inBlocks(v, emit));
    written.set(v, made);
    return made;
  };
  const affineOf = (v: Value, emit: Emitter): Affine => {
    const sum = blocks.has(v) ? undefined : sums.get(v);
    return sum ?? { parts: [{ x: inBlocks(v, emit) }] };
  };

  /** Left for the only user to finish, or written now when there are several. */
  const held = (out: Value, sum: Affine, emit: Emitter): Value => {
    if (uses.get(out) !== 1) return remember(out, write(emit, sum, false));
    const made = placeholder(out);
    sums.set(made, sum);
    return made;
  };

  const convolved = (node: Node, emit: Emitter): Value[] => {
    const x = must(node.inputs[0], 'input');
    const whole = must(x.shape[1], 'channels') % block === 0;
    const given = whole ? inBlocks(x, emit) : reorderInput(emit, plain(x, emit), block);
    const inputs = node.inputs.map((v, i) => (i === 0 ? v : plain(v, emit)));
    return [remember(must(node.outputs[0], 'output'), convolution(emit, { ...node, inputs }, given, block))];
  };

  const summed = (node: Node, emit: Emitter): Value[] | undefined => {
    const x = must(node.inputs[0], 'input');
    const out = must(node.outputs[0], 'output');
    const axes = (node.attributes.axes as number[]).join();
    if (!isCarried(x) || (axes !== '0,2,3' && axes !== '2,3')) return undefined;
    const product = products.get(x);
    const perImage =
      product && !blocks.has(x) ? sumOfProducts(emit, ...product) : sumOfPixels(emit, inBlocks(x, emit));
    const channels = must(x.shape[1], 'channels');
    const sum =
      axes === '2,3' ? perImage : one(emit, 'ReduceSum', [perImage], [channels], { axes: [0], keepdims: 0 });
    const count = sizeOf(x.shape) / sizeOf(sum.shape);
    const scaled = node.op === 'ReduceMean' ? elementwise(emit, 'Mul', [sum, uniform(1 / count, [])]) : sum;
    return [reshape(emit, scaled, out.shape)];
  };

  /** Elementwise on maps of equal shape, single numbers, and numbers per channel or image. */
  const pointwise = (node: Node, emit: Emitter): Value[] | undefined => {
    const out = must(node.outputs[0], 'output');
    const kinds = node.inputs.map((v) => kindOf(v, out));
    const [a, b] = node.inputs as [Value, Value | undefined];
    if (!node.inputs.some((v, i) => kinds[i] === 'map' && isCarried(v))) return undefined;
    if (must(out.shape[1], 'channels') % block !== 0 || kinds.includes('other')) return undefined;
    if ([out, ...node.inputs].some((v) => v.dtype !== 'float32')) return undefined;

    if (node.op === 'Relu') {
      const y = write(emit, affineOf(a, emit), true);
      rectified.add(y);
      return [remember(out, y)];
    }
    if (node.op === 'Sign' && rectified.has(inBlocks(a, emit)))
      return [remember(out, scaleShift(emit, inBlocks(a, emit), { activation: 'Step' }))];
    if (node.op === 'Add' && b && !kinds.includes('one')) {
      const [left, right] = node.inputs.map((v, i) =>
        kinds[i] === 'map' ? affineOf(v, emit) : { parts: [], shift: plain(v, emit) },
      ) as [Affine, Affine];
      const sum = plus(emit, left, right);
      return sum && [held(out, sum, emit)];
    }
    if (node.op === 'Mul' && b && kinds.includes('numbers')) {
      const [map, numbers] = kinds[0] === 'map' ? [a, b] : [b, a];
      return [held(out, { parts: [{ x: inBlocks(map, emit), scale: plain(numbers, emit) }] }, emit)];
    }
    if (kinds.includes('numbers')) return undefined;
    const inputs = node.inputs.map((v, i) => (kinds[i] === 'map' ? inBlocks(v, emit) : v));
    if (node.op === 'Mul' && kinds.every((k) => k === 'map') && uses.get(out) === 1) {
      const made = placeholder(out);
      products.set(made, inputs as [Value, Value]);
      return [made];
    }
    return [remember(out, one(emit, node.op, inputs, out.shape, node.attributes))];
  };

  const rule = (node: Node, emit: Emitter): readonly Value[] => {
    const done = fitsConvolution(node, block)
      ? convolved(node, emit)
      : node.domain === '' && elementwiseOps.has(node.op) && node.outputs[0]?.shape.length === 4
        ? pointwise(node, emit)
        : node.op === 'ReduceSum' || node.op === 'ReduceMean'
          ? summed(node, emit)
          : undefined;
    if (done) return done;
    if (node.op === 'FilterGradient') {
      const [x, dy] = node.inputs as [Value, Value];
      const source = isCarried(x) ? { blocked: inBlocks(x, emit) } : { plain: x };
      return [filterGradient(emit, node, source, inBlocks(dy, emit), block)];
    }
    return keep({ ...node, inputs: node.inputs.map((v) => plain(v, emit)) }, emit);
  };
  return rewrite(graph, rule, plain);
}

function countUses(graph: Graph): ReadonlyMap<Value, number> {
  const uses = new Map<Value, number>();
  const used = [...graph.nodes.flatMap((n) => n.inputs), ...graph.outputs.map((o) => o.value)];
  for (const v of used) uses.set(v, (uses.get(v) ?? 0) + 1);
  return uses;
}

/** How an operand meets a map [N, C, H, W]: a map, one number, numbers per channel or image, or otherwise. */
function kindOf(v: Value, out: Value): 'map' | 'one' | 'numbers' | 'other' {
  if (sameShape(v.shape, out.shape)) return 'map';
  if (sizeOf(v.shape) === 1) return 'one';
  const [n, c] = out.shape as Four;
  const [vn, vc, vh, vw] = [...Array<number>(4 - v.shape.length).fill(1), ...v.shape] as unknown as Four;
  return vc === c && vh === 1 && vw === 1 && (vn === 1 || vn === n) ? 'numbers' : 'other';
}
