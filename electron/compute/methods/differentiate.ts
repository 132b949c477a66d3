import '../gradients/register.ts';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { must } from '../../base/assert.ts';
import type { Tree } from '../step.ts';

/**
 * Value and gradients of a scalar function of named tensors, and by-products without gradient (`aux`): metrics and
 * running statistics, which tfjs would dispose of at the end of the differentiated scope. Each `aux` tensor must be
 * computed inside `f`. Every parameter must reach the loss.
 */
export function differentiate(
  parameters: Tree,
  f: (parameters: Tree) => { loss: Scalar; aux: Tree },
): { loss: Scalar; aux: Tree; gradients: Tree } {
  const names = Object.keys(parameters);
  const kept: Tree = {};
  const flat = (...values: Tensor[]): Scalar => {
    const { loss, aux } = f(Object.fromEntries(names.map((name, i) => [name, must(values[i], name)])));
    for (const [name, tensor] of Object.entries(aux)) kept[name] = tf.keep(tf.clone(tensor));
    return loss;
  };
  const { value, grads } = tf.valueAndGrads(flat)(Object.values(parameters));
  const aux = Object.fromEntries(
    Object.entries(kept).map(([name, tensor]) => {
      const copy = tf.clone(tensor);
      tensor.dispose();
      return [name, copy];
    }),
  );
  const gradients = Object.fromEntries(names.map((name, i) => [name, must(grads[i], `gradient of ${name}`)]));
  return { loss: value as Scalar, aux, gradients };
}
