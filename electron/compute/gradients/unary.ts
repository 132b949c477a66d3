/** Gradients of elementwise kernels of one input: `dx = dy · f′(x)`, from x or from the output y, whichever is cheaper. */

import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Attributes, Gradient } from './gradient.ts';

type Rule = (dy: Tensor, saved: Tensor, attributes: Attributes) => Tensor;

const fromInput = (kernel: string, rule: Rule): Gradient => ({
  kernel,
  inputs: ['x'],
  of: (dy, [x], attributes) => ({ x: () => rule(dy, x as Tensor, attributes) }),
});
const fromOutput = (kernel: string, rule: Rule): Gradient => ({
  kernel,
  output: true,
  of: (dy, [y], attributes) => ({ x: () => rule(dy, y as Tensor, attributes) }),
});
/** Zero almost everywhere. */
const flat = (kernel: string): Gradient => ({ kernel, of: (dy) => ({ x: () => tf.zerosLike(dy) }) });

/** A 0/1 mask of float32 times a gradient. */
const masked = (dy: Tensor, condition: Tensor): Tensor => tf.mul(dy, tf.cast(condition, 'float32'));

export const unaryGradients: readonly Gradient[] = [
  fromInput('Abs', (dy, x) => tf.mul(dy, tf.sign(x))),
  fromInput('Acos', (dy, x) => tf.neg(tf.div(dy, tf.sqrt(tf.sub(1, tf.square(x)))))),
  fromInput('Asin', (dy, x) => tf.div(dy, tf.sqrt(tf.sub(1, tf.square(x))))),
  fromInput('Atan', (dy, x) => tf.div(dy, tf.add(1, tf.square(x)))),
  fromInput('Acosh', (dy, x) => tf.div(dy, tf.sqrt(tf.sub(tf.square(x), 1)))),
  fromInput('Asinh', (dy, x) => tf.div(dy, tf.sqrt(tf.add(tf.square(x), 1)))),
  fromInput('Atanh', (dy, x) => tf.div(dy, tf.sub(1, tf.square(x)))),
  {
    kernel: 'Cast',
    of: (dy) => ({ x: () => tf.clone(dy) }),
  },
  flat('Ceil'),
  flat('Floor'),
  flat('Round'),
  flat('Sign'),
  flat('Step'),
  flat('ZerosLike'),
  flat('OnesLike'),
  flat('LogicalNot'),
  flat('IsNan'),
  flat('IsInf'),
  flat('IsFinite'),
  {
    kernel: 'ClipByValue',
    inputs: ['x'],
    of: (dy, [x], { clipValueMin, clipValueMax }) => ({
      x: () =>
        masked(
          dy,
          tf.logicalAnd(
            tf.greaterEqual(x as Tensor, clipValueMin as number),
            tf.lessEqual(x as Tensor, clipValueMax as number),
          ),
        ),
    }),
  },
  fromInput('Cos', (dy, x) => tf.neg(tf.mul(dy, tf.sin(x)))),
  fromInput('Sin', (dy, x) => tf.mul(dy, tf.cos(x))),
  fromOutput('Tan', (dy, y) => tf.mul(dy, tf.add(1, tf.square(y)))),
  fromInput('Cosh', (dy, x) => tf.mul(dy, tf.sinh(x))),
  fromInput('Sinh', (dy, x) => tf.mul(dy, tf.cosh(x))),
  fromOutput('Tanh', (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y)))),
  // For y ≤ 0 the slope is y + 1 = e^x.
  fromOutput('Elu', (dy, y) => tf.mul(dy, tf.add(tf.minimum(y, 0), 1))),
  fromInput('Erf', (dy, x) => tf.mul(dy, tf.mul(tf.exp(tf.neg(tf.square(x))), 2 / Math.sqrt(Math.PI)))),
  fromOutput('Exp', (dy, y) => tf.mul(dy, y)),
  fromOutput('Expm1', (dy, y) => tf.mul(dy, tf.add(y, 1))),
  { kernel: 'Identity', of: (dy) => ({ x: () => tf.clone(dy) }) },
  fromInput('LeakyRelu', (dy, x, { alpha }) => tf.where(tf.greater(x, 0), dy, tf.mul(dy, alpha as number))),
  fromInput('Log', (dy, x) => tf.div(dy, x)),
  fromInput('Log1p', (dy, x) => tf.div(dy, tf.add(x, 1))),
  { kernel: 'Neg', of: (dy) => ({ x: () => tf.neg(dy) }) },
  fromOutput('Reciprocal', (dy, y) => tf.neg(tf.mul(dy, tf.square(y)))),
  // From the output, so that the input need not be kept.
  fromOutput('Relu', (dy, y) => tf.mul(dy, tf.step(y))),
  fromOutput('Relu6', (dy, y) => masked(dy, tf.logicalAnd(tf.greater(y, 0), tf.less(y, 6)))),
  fromOutput('Rsqrt', (dy, y) => tf.mul(dy, tf.mul(-0.5, tf.mul(y, tf.square(y))))),
  // λ for x > 0, else λ α e^x = y + λ α (Klambauer et al. 2017).
  fromOutput('Selu', (dy, y) =>
    tf.mul(
      dy,
      tf.where(
        tf.greater(y, 0),
        tf.fill(y.shape, tf.backend_util.SELU_SCALE),
        tf.add(y, tf.backend_util.SELU_SCALEALPHA),
      ),
    ),
  ),
  fromOutput('Sigmoid', (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
  fromInput('Softplus', (dy, x) => tf.mul(dy, tf.sigmoid(x))),
  fromOutput('Sqrt', (dy, y) => tf.div(dy, tf.mul(2, y))),
  fromInput('Square', (dy, x) => tf.mul(dy, tf.mul(2, x))),
];
