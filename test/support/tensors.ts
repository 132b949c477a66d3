/** Bridges between named arrays and tensors for tests that run a step eagerly on tfjs's plain CPU backend. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { Arrays, Tree } from '../../electron/compute/step.ts';

await tf.setBackend('cpu');

export function toTree(arrays: Arrays): Tree {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, a]) => [name, tf.tensor(a.data, [...a.shape])]),
  );
}
export function toArrays(tree: Tree): Arrays {
  return Object.fromEntries(
    Object.entries(tree).map(([name, t]) => [
      name,
      { shape: t.shape, data: t.dataSync<'float32'>().slice() },
    ]),
  );
}
export const scalars = (values: Readonly<Record<string, number>>): Tree =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, tf.scalar(value)]));
/** Runs f and disposes of every tensor made in it; what it returns must be plain values. */
export function tidied<T>(f: () => T): T {
  tf.engine().startScope();
  try {
    return f();
  } finally {
    tf.engine().endScope();
  }
}
export { tf };
