/** How a gradient is written down: one record per kernel, so that a table of them can be registered and tested. */

import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

export type Attributes = Readonly<Record<string, unknown>>;
/** `dy → d input`, by input name. Each is called only when that gradient is wanted. */
export type InputGradients = Record<string, () => Tensor>;

export interface Gradient {
  readonly kernel: string;
  /** Inputs handed to `of`, in this order; `'all'` for kernels with a list of inputs. */
  readonly inputs?: readonly string[] | 'all';
  /** Whether the kernel's output is handed to `of`, after the inputs. */
  readonly output?: boolean;
  of(dy: Tensor, saved: readonly Tensor[], attributes: Attributes): InputGradients;
}

/** Sums a gradient over the axes along which `shape` was broadcast, and gives it that shape. */
export function sumTo(gradient: Tensor, shape: readonly number[]): Tensor {
  const axes = tf.broadcast_util.getReductionAxes([...shape], gradient.shape);
  const summed = axes.length > 0 ? tf.sum(gradient, axes) : gradient;
  return tf.reshape(summed, [...shape]);
}

/** Runs a kernel that has no public op, such as a convolution's filter gradient. */
export function kernel(name: string, inputs: Record<string, Tensor>, attributes: Attributes): Tensor {
  return tf.engine().runKernel(name, inputs, attributes as unknown as tf.NamedAttrMap) as Tensor;
}
