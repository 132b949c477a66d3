/** Gradients against central differences, where tfjs's cpu backend is no oracle, and for the kernels that matter most. */
import '../../electron/compute/gradients/register.ts';
import '@tensorflow/tfjs-backend-cpu';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { must } from '../../electron/base/assert.ts';
import { prngFrom } from '../../electron/base/prng.ts';
import type { Arrays } from '../../electron/compute/step.ts';
import { startCompiledForward } from '../../electron/engine/run/compiled.ts';

const t4 = (t: Tensor | undefined) => t as Tensor4D;
const cases: [string, (readonly number[])[], (x: Tensor[]) => Tensor][] = [
  [
    'conv2d stride 1',
    [
      [2, 5, 4, 3],
      [3, 3, 3, 2],
    ],
    ([x, w]) => tf.conv2d(t4(x), t4(w), 1, 'same'),
  ],
  [
    'conv2d stride 2',
    [
      [2, 6, 5, 2],
      [3, 3, 2, 3],
    ],
    ([x, w]) => tf.conv2d(t4(x), t4(w), 2, 'same'),
  ],
  [
    'depthwise',
    [
      [1, 5, 5, 2],
      [3, 3, 2, 2],
    ],
    ([x, w]) => tf.depthwiseConv2d(t4(x), t4(w), 1, 'same'),
  ],
  ['avgPool with padding', [[1, 5, 5, 2]], ([x]) => tf.avgPool(t4(x), 3, 2, 'same')],
  ['avgPool with padding, stride 1', [[1, 4, 5, 2]], ([x]) => tf.avgPool(t4(x), 3, 1, 'same')],
  ['maxPool', [[1, 6, 5, 2]], ([x]) => tf.maxPool(t4(x), 3, 2, 'same')],
  ['resizeBilinear', [[2, 4, 5, 2]], ([x]) => tf.image.resizeBilinear(t4(x), [7, 3])],
  ['resizeBilinear half pixel', [[2, 4, 5, 2]], ([x]) => tf.image.resizeBilinear(t4(x), [7, 9], false, true)],
  ['resizeNearestNeighbor', [[2, 4, 5, 2]], ([x]) => tf.image.resizeNearestNeighbor(t4(x), [8, 3])],
  ['softmax', [[3, 5]], ([x]) => tf.softmax(x as Tensor)],
  [
    'standardise',
    [[4, 3, 3, 2]],
    ([x]) => {
      const { mean, variance } = tf.moments(x as Tensor, [0, 1, 2]);
      return tf.mul(tf.sub(x as Tensor, mean), tf.rsqrt(tf.add(variance, 1e-5)));
    },
  ],
];

describe('compiled gradients equal central differences', () => {
  it.each(cases)('%s', async (name, shapes, f) => {
    const names = shapes.map((_, i) => `x${i}`);
    const weighted = (...x: Tensor[]) => {
      const y = f(x);
      return tf.sum(tf.mul(y, tf.reshape(tf.linspace(-1, 2, y.size), y.shape)));
    };
    const inputs = Object.fromEntries(shapes.map((shape, i) => [`x${i}`, shape]));
    const values: Arrays = Object.fromEntries(
      shapes.map((shape, i) => {
        const random = prngFrom(name, i);
        return [
          `x${i}`,
          {
            shape,
            data: Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, () => random.normal()),
          },
        ];
      }),
    );
    const running = await startCompiledForward(
      {
        name,
        weights: {},
        inputs,
        run: (_, tree) => {
          const x = names.map((n) => must(tree[n], n));
          const { value, grads } = tf.valueAndGrads(weighted as (...x: Tensor[]) => tf.Scalar)(x);
          return { value, ...Object.fromEntries(grads.map((g, i) => [`d${i}`, g])) };
        },
      },
      {},
      { device: 'cpu', deviceReason: 'test', threads: 1 },
    );
    const at = async () => must((await running.run(values)).value?.data[0], 'value');
    const analytic = await running.run(values);
    const h = 4e-3;
    for (const [i, n] of names.entries()) {
      const { data } = must(values[n], n);
      const gradient = must(analytic[`d${i}`], 'gradient').data;
      const largest = gradient.reduce((m, g) => Math.max(m, Math.abs(g)), 0.1);
      for (let k = 0; k < data.length; k += 3) {
        const original = must(data[k], 'element');
        data[k] = original + h;
        const above = await at();
        data[k] = original - h;
        const below = await at();
        data[k] = original;
        const numeric = (above - below) / (2 * h);
        expect(Math.abs(numeric - must(gradient[k], 'gradient')), `${n}[${k}]`).toBeLessThan(0.01 * largest);
      }
    }
    await running.dispose();
  });
});
