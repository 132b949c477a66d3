/** How a symbolic kernel is written: from values and attributes to values, by emitting nodes. */

import { must } from '../../base/assert.ts';
import { AppError } from '../../base/errors.ts';
import type { Emitter, Value } from '../graph/graph.ts';

/** tfjs's attributes, as the kernel's documentation in kernel_names.ts names them. */
export type KernelAttributes = Readonly<Record<string, unknown>>;

export interface KernelCall {
  readonly inputs: Readonly<Record<string, Value | undefined>>;
  readonly attributes: KernelAttributes;
  readonly emit: Emitter;
}

/** One output or several. The values' shapes and types are tfjs's: logical, NHWC. */
export type Kernel = (call: KernelCall) => Value | readonly Value[];
export type KernelTable = Readonly<Record<string, Kernel>>;

export const input = (call: KernelCall, name: string): Value =>
  must(call.inputs[name], `kernel input '${name}'`);

/** All inputs in order, for kernels that take a list. */
export const allInputs = (call: KernelCall): Value[] =>
  Object.values(call.inputs).map((v) => must(v, 'kernel input'));

/** What a kernel says when it cannot do what is asked; the backend adds kernel, shapes and step. */
export function refuse(why: string): never {
  throw new AppError('unsupported', why);
}

/** tfjs's word for an element type; 64-bit integers never leave a kernel. */
export type TensorType = 'float32' | 'int32' | 'bool';
export function elementType(dtype: unknown): TensorType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  return refuse(`Tensors of type ${String(dtype)} cannot be compiled`);
}

/** Non-negative axes, sorted. */
export function axesOf(axis: unknown, rank: number): number[] {
  const list =
    axis === undefined || axis === null ? [...Array(rank).keys()] : Array.isArray(axis) ? axis : [axis];
  return [...new Set(list.map((a: number) => (a < 0 ? a + rank : a)))].sort((a, b) => a - b);
}
export const axisOf = (axis: unknown, rank: number): number => must(axesOf(axis, rank)[0], 'axis');
