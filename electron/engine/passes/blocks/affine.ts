/**
 * `Σ xᵢ · scaleᵢ + shift` of blocks, gathered while its parts arrive, and written as one pass over memory per scaled
 * part: batch normalisation forward is one, its gradient two, with residual and ReLU inside.
 */
import { must } from '../../../base/assert.ts';
import { elementwise, reshape } from '../../graph/emit.ts';
import { type Emitter, sizeOf, type Value } from '../../graph/graph.ts';
import { type Scaling, scaleShift } from './operators.ts';

export interface Affine {
  /** Blocks; `scale` has one number per channel, or per image and channel. */
  readonly parts: readonly { readonly x: Value; readonly scale?: Value }[];
  /** As the scales. */
  readonly shift?: Value;
}

/** Scales and shifts of one expression are all per channel, or all per image. */
function sizeOfScales({ parts, shift }: Affine): number | undefined {
  const first = [shift, ...parts.map((p) => p.scale)].find((v) => v !== undefined);
  return first && sizeOf(first.shape);
}

/** `a + b`, or undefined when one has numbers per channel and the other per image. */
export function plus(emit: Emitter, a: Affine, b: Affine): Affine | undefined {
  const [left, right] = [sizeOfScales(a), sizeOfScales(b)];
  if (left !== undefined && right !== undefined && left !== right) return undefined;
  const parts = [...a.parts, ...b.parts];
  if (!a.shift || !b.shift) {
    const shift = a.shift ?? b.shift;
    return shift ? { parts, shift } : { parts };
  }
  const flat = [a.shift, b.shift].map((v) => reshape(emit, v, [sizeOf(v.shape)]));
  return { parts, shift: elementwise(emit, 'Add', flat) };
}

/** The value, with ReLU if wished. */
export function write(emit: Emitter, { parts, shift }: Affine, relu: boolean): Value {
  const scaled = parts.filter((p) => p.scale);
  const [first, ...others] = parts.filter((p) => !p.scale).map((p) => p.x);
  let sum = first;
  // Where nothing is to be scaled, the last pass has the shift and the ReLU all the same.
  const last = scaled.length === 0 && (shift || relu) ? others.pop() : undefined;
  for (const x of others) sum = elementwise(emit, 'Add', [must(sum, 'sum'), x]);
  const passes = scaled.length > 0 ? scaled : last ? [{ x: last }] : [];
  if (passes.length === 0 && sum && (shift || relu)) return scaleShift(emit, sum, finish(shift, relu));
  passes.forEach((part, i) => {
    const ends = i === passes.length - 1 ? finish(shift, relu) : {};
    sum = scaleShift(emit, part.x, { scale: 'scale' in part ? part.scale : undefined, plus: sum, ...ends });
  });
  return must(sum, 'sum');
}

const finish = (shift: Value | undefined, relu: boolean): Scaling => ({
  shift,
  activation: relu ? 'Relu' : undefined,
});
