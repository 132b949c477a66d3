/** Named typed arrays on the way in and out of a step: fresh ones, and renamed ones. */
import type { Prng } from '../../base/prng.ts';
import type { Arrays, NdArray, Shapes } from '../step.ts';

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export function filled(shape: readonly number[], value: number): NdArray {
  return { shape, data: new Float32Array(sizeOf(shape)).fill(value) };
}

export function normal(shape: readonly number[], std: number, prng: Prng): NdArray {
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => std * prng.normal()) };
}

/** Uniform in ±bound. */
export function uniform(shape: readonly number[], bound: number, prng: Prng): NdArray {
  return {
    shape,
    data: Float32Array.from({ length: sizeOf(shape) }, () => bound * (2 * prng.uniform() - 1)),
  };
}

export function prefixed<T>(prefix: string, tree: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(tree).map(([name, value]) => [prefix + name, value]));
}

/** What lies under `prefix`, with the prefix taken off. */
export function under<T>(prefix: string, tree: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}

export function shapesOf(arrays: Arrays): Shapes {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.shape]));
}
