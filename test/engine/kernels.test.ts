/** Every kernel of the compiled engine against tfjs's cpu backend, forward and backward, for 1e-5 relative. */
import '../../electron/compute/gradients/register.ts';
import '@tensorflow/tfjs-backend-cpu';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import type { Arrays, ForwardSpec } from '../../electron/compute/step.ts';
import { startCompiledForward } from '../../electron/engine/run/compiled.ts';
import { kernels } from '../../electron/engine/trace/kernels/table.ts';
import { expectClose } from '../support/expectClose.ts';
import { type KernelCase, kernelCases } from './kernelCases.ts';

const size = (shape: readonly number[]) => shape.reduce((n, d) => n * d, 1);
const list = (t: Tensor | Tensor[]) => (Array.isArray(t) ? t : [t]);

/** 0.5 … 1.7 over the elements; tfjs's own linspace drifts by adding up. */
const uneven = (y: Tensor) => tf.reshape(tf.add(tf.mul(tf.range(0, y.size), 1.2 / y.size), 0.5), y.shape);

/** The case as a forward function: outputs `y0 …`, and the gradients `d0 …` of Σ wᵢ yᵢ with fixed uneven weights. */
function specOf(c: KernelCase): ForwardSpec {
  const names = c.shapes.map((_, i) => `x${i}`);
  return {
    name: c.name,
    weights: {},
    inputs: Object.fromEntries(c.shapes.map((shape, i) => [`x${i}`, shape])),
    run: (_, inputs) => {
      const x = names.map((n) => inputs[n] as Tensor);
      const outputs = Object.fromEntries(list(c.run(...x)).map((y, i) => [`y${i}`, y]));
      if (!c.gradient) return outputs;
      const weighted = (...args: Tensor[]) =>
        list(c.run(...args)).reduce<Tensor>(
          (sum, y) => tf.add(sum, tf.sum(tf.mul(y, uneven(y)))),
          tf.scalar(0),
        );
      const gradients = tf.grads(weighted as (...args: Tensor[]) => tf.Scalar)(x);
      return { ...outputs, ...Object.fromEntries(gradients.map((g, i) => [`d${i}`, g])) };
    },
  };
}

function valuesOf(c: KernelCase): Arrays {
  return Object.fromEntries(
    c.shapes.map((shape, i) => {
      const random = prngFrom(c.name, i);
      const data = Float32Array.from({ length: size(shape) }, (_, k) => {
        const v = random.uniform() * 2 - 1;
        return c.domain ? c.domain(v, k) : v;
      });
      return [`x${i}`, { shape, data }];
    }),
  );
}

async function onCpu(spec: ForwardSpec, values: Arrays): Promise<Arrays> {
  await tf.setBackend('cpu');
  const results = tf.tidy(() => {
    const inputs = Object.fromEntries(
      Object.entries(values).map(([n, v]) => [n, tf.tensor(v.data, [...v.shape])]),
    );
    return spec.run({}, inputs);
  });
  const arrays: Arrays = {};
  for (const [name, t] of Object.entries(results)) {
    arrays[name] = { shape: t.shape, data: Float32Array.from(t.dataSync()) };
    t.dispose();
  }
  return arrays;
}

const used = new Set<string>();
beforeAll(async () => {
  await tf.setBackend('cpu');
  const engine = tf.engine();
  const runKernel = engine.runKernel.bind(engine);
  vi.spyOn(engine, 'runKernel').mockImplementation((name, inputs, attributes) => {
    used.add(name);
    return runKernel(name, inputs, attributes);
  });
});

describe('compiled kernels equal tfjs cpu', () => {
  it.each(kernelCases.map((c): [string, KernelCase] => [c.name, c]))('%s', async (_, c) => {
    const spec = specOf(c);
    const values = valuesOf(c);
    const expected = await onCpu(spec, values);
    const running = await startCompiledForward(spec, {}, { device: 'cpu', deviceReason: 'test', threads: 1 });
    const actual = await running.run(values);
    await running.dispose();
    expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, { shape, data }] of Object.entries(expected)) {
      expect(actual[name]?.shape, name).toEqual(shape);
      // Sums of terms that cancel: the error is relative to the terms, which are of order one.
      expectClose(actual[name]?.data ?? [], data, { rel: c.rel ?? 1e-5, abs: c.abs ?? 2e-6 });
    }
    expect(tf.getBackend()).toBe('cpu');
  });

  it('covers every kernel in the table', () => {
    // The cpu backend is no oracle for this one: finite.test.ts has it.
    used.add('ResizeNearestNeighborGrad');
    const missing = Object.keys(kernels).filter((name) => !used.has(name));
    expect(missing).toEqual([]);
  });
});
