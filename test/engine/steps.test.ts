/** Whole training steps: compiled equals eager, state survives, nothing leaks, and what cannot be done is said. */
import '@tensorflow/tfjs-backend-cpu';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { isAppError } from '../../electron/base/errors.ts';
import type { StepSpec } from '../../electron/compute/step.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import { traceStep } from '../../electron/engine/trace/trace.ts';
import type { RunningStep } from '../../electron/engine/types.ts';
import { expectClose } from '../support/expectClose.ts';
import { smallBatch, smallHyper, smallState, smallStep, wideStep } from './smallStep.ts';

const engine = createEngine();
const steps = 20;

async function train(running: RunningStep, from: number, to: number, step = smallStep): Promise<number[]> {
  const losses: number[] = [];
  for (let i = from; i < to; i++) {
    const metrics = await running.run(smallBatch(i % 3, step), smallHyper);
    losses.push(metrics.loss?.data[0] ?? Number.NaN);
  }
  return losses;
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('a compiled step', () => {
  it.each([smallStep, wideStep])('equals the eager step after 20 steps: $name', async (step) => {
    const compiled = await engine.startStep(step, smallState(step), { device: 'cpu' });
    const eager = await engine.startStep(step, smallState(step), { device: 'tfjs-cpu' });
    const losses = await train(compiled, 0, steps, step);
    expectClose(losses, await train(eager, 0, steps, step), { rel: 1e-4 });
    expect(losses.at(-1)).toBeLessThan((losses[0] as number) * 0.7);
    const [a, b] = [await compiled.readState(), await eager.readState()];
    expect(Object.keys(a).sort()).toEqual(Object.keys(step.state).sort());
    for (const [name, { shape, data }] of Object.entries(b)) {
      expect(a[name]?.shape).toEqual(shape);
      expectClose(a[name]?.data ?? [], data, { rel: 1e-4, abs: 1e-5 });
    }
    expect(compiled.compileSeconds).toBeGreaterThan(0);
    await compiled.dispose();
    await eager.dispose();
  });

  it('continues bit-equal from its own state', async () => {
    const whole = await engine.startStep(smallStep, smallState(), { device: 'cpu', threads: 2 });
    const first = await engine.startStep(smallStep, smallState(), { device: 'cpu', threads: 2 });
    await train(whole, 0, 7);
    await train(first, 0, 4);
    const second = await engine.startStep(smallStep, await first.readState(), { device: 'cpu', threads: 2 });
    await train(second, 4, 7);
    const [a, b] = [await whole.readState(), await second.readState()];
    for (const name of Object.keys(a)) expect(a[name]?.data, name).toEqual(b[name]?.data);
    await Promise.all([whole, first, second].map((s) => s.dispose()));
  });

  it('does not touch the arrays it was given, and gives copies', async () => {
    const given = smallState();
    const running = await engine.startStep(smallStep, given, { device: 'cpu' });
    await train(running, 0, 3);
    const read = await running.readState();
    const before = read['head/w']?.data.slice();
    await train(running, 3, 6);
    expect(given['head/w']?.data).toEqual(smallState()['head/w']?.data);
    expect(read['head/w']?.data).toEqual(before);
    await running.dispose();
  });

  it('refuses a batch of another shape, and runs after disposal', async () => {
    const running = await engine.startStep(smallStep, smallState(), { device: 'cpu' });
    const { x } = smallBatch(0);
    await expect(running.run({ x: { shape: [1], data: new Float32Array(1) } }, smallHyper)).rejects.toSatisfy(
      (e) => isAppError(e, 'mismatch'),
    );
    await expect(running.run({ ...(x ? { x } : {}) }, smallHyper)).rejects.toThrow(/labels/);
    await running.dispose();
    await expect(running.run(smallBatch(0), smallHyper)).rejects.toThrow(/disposed/);
  });
});

describe('an eager step', () => {
  it.each(['tfjs-cpu', 'wasm'] as const)('on %s leaks no tensor', async (device) => {
    const warm = await engine.startStep(smallStep, smallState(), { device });
    await train(warm, 0, 1);
    const before = tf.memory().numTensors;
    await train(warm, 1, 4);
    expect(tf.memory().numTensors).toBe(before);
    await warm.dispose();
    expect(tf.memory().numTensors).toBe(before - Object.keys(smallStep.state).length);
  });

  it('on wasm equals tfjs-cpu', async () => {
    const wasm = await engine.startStep(smallStep, smallState(), { device: 'wasm' });
    const cpu = await engine.startStep(smallStep, smallState(), { device: 'tfjs-cpu' });
    expectClose(await train(wasm, 0, 5), await train(cpu, 0, 5), { rel: 1e-4 });
    await wasm.dispose();
    await cpu.dispose();
  });
});

const tiny = (run: (x: Tensor) => Tensor): StepSpec => ({
  name: 'test/tiny',
  state: { x: [4] },
  batch: {},
  hyper: [],
  run: (state) => ({ state: { x: run(state.x as Tensor) }, metrics: {} }),
});

describe('tracing', () => {
  it('restores the backend and leaks nothing', async () => {
    await tf.setBackend('cpu');
    const before = { ...tf.memory() };
    traceStep(smallStep);
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });

  it('names kernel, shapes and step when a kernel is not supported, and leaks nothing', () => {
    const before = tf.memory().numTensors;
    const spec = tiny((x) => {
      const g = tf.grad((v: Tensor) => tf.sum(tf.square(tf.mul(v, tf.real(tf.fft(tf.complex(v, v)))))));
      return g(x);
    });
    expect(() => traceStep(spec)).toThrow(/test\/tiny.*kernel Complex \(real \[4\], imag \[4\]\)/);
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.getBackend()).toBe('cpu');
  });

  it('refuses to read values', () => {
    const spec = tiny((x) => tf.mul(x, x.dataSync()[0] as number));
    expect(() => traceStep(spec)).toThrow(/test\/tiny reads a tensor's values/);
  });

  it('refuses tensors from outside the step', () => {
    const outside = tf.tensor1d([1, 2, 3, 4]);
    expect(() => traceStep(tiny((x) => tf.add(x, outside)))).toThrow(/made outside the step/);
    expect(outside.dataSync()[3]).toBe(4);
    outside.dispose();
  });

  it('refuses a state of another shape', () => {
    expect(() => traceStep(tiny((x) => tf.slice(x, [0], [2])))).toThrow(
      /returns state 'x' with shape \[2\], not \[4\]/,
    );
  });
});
