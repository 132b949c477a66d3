/** What `swath bench` times: the real training step of a ResNet-18 on made-up input, and the machine's matmul peak. */
import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { must } from '../base/assert.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { prngFrom } from '../base/prng.ts';
import { buildEncoder } from '../compute/encoders/encoder.ts';
import { trainingPass } from '../compute/layers/pass.ts';
import { differentiate } from '../compute/methods/differentiate.ts';
import { sgdMomentum } from '../compute/optim/sgd.ts';
import type { Arrays, ForwardSpec, Shapes, StepSpec, Tree } from '../compute/step.ts';
import { sizeOf } from './graph/graph.ts';
import type { Engine, EngineOptions, RunningStep } from './types.ts';

export interface BenchCase {
  readonly spec: StepSpec;
  readonly state: Arrays;
  readonly batch: Arrays;
  readonly hyper: Readonly<Record<string, number>>;
  readonly tiles: number;
  /** Floating-point operations of one step: forward, and twice that backward. */
  readonly flops: number;
}

const [side, bands, outputs] = [32, 12, 128];

/** ResNet-18 with a 3×3 stem on 32×32×12 tiles, a linear head and SGD with momentum: one full training step. */
export function resnetCase(width: 16 | 32 | 64, batch: number): BenchCase {
  const encoder = buildEncoder('resnet18', bands, { width: String(width) });
  const parameters: Shapes = { ...withPrefix(encoder.parameters), head: [encoder.dim, outputs] };
  const slots: Shapes = Object.fromEntries(
    Object.entries(parameters).map(([n, shape]) => [`velocity/${n}`, shape]),
  );
  const statistics = withPrefix(encoder.statistics);
  const optimizer = sgdMomentum(0);
  const spec: StepSpec = {
    name: `bench/resnet18-w${width}-b${batch}`,
    state: { ...parameters, ...statistics, ...slots },
    batch: { tiles: [batch, side, side, bands] },
    hyper: ['lr'],
    run(state, inputs, hyper) {
      const trained: Tree = Object.fromEntries(Object.keys(parameters).map((n) => [n, must(state[n], n)]));
      const { loss, aux, gradients } = differentiate(trained, (current) => {
        const record: Tree = {};
        const pass = trainingPass({ ...state, ...current }, 'encoder/', record);
        const { pooled } = encoder.forward(pass, must(inputs.tiles, 'tiles') as Tensor4D);
        const z = tf.matMul(pooled, must(current.head, 'head') as Tensor2D);
        return { loss: tf.mean(tf.square(z)) as Scalar, aux: record };
      });
      const next: Tree = { ...aux };
      for (const [name, parameter] of Object.entries(trained)) {
        const velocity = must(state[`velocity/${name}`], name);
        const gradient = must(gradients[name], name);
        const updated = optimizer.update(parameter, gradient, { velocity }, must(hyper.lr, 'lr'), hyper);
        next[name] = updated.parameter;
        next[`velocity/${name}`] = must(updated.slots.velocity, name);
      }
      return { state: next, metrics: { loss } };
    },
  };
  const random = prngFrom('bench', width);
  const fresh = Object.fromEntries(Object.entries(encoder.init(random)).map(([n, a]) => [`encoder/${n}`, a]));
  const zero = (shape: readonly number[]) => ({ shape, data: new Float32Array(sizeOf(shape)) });
  const normal = (shape: readonly number[], deviation: number) => ({
    shape,
    data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal() * deviation),
  });
  return {
    spec,
    state: {
      ...fresh,
      head: normal([encoder.dim, outputs], Math.sqrt(1 / encoder.dim)),
      ...Object.fromEntries(Object.entries(slots).map(([n, shape]) => [n, zero(shape)])),
    },
    batch: { tiles: normal([batch, side, side, bands], 1) },
    hyper: { lr: 0.01 },
    tiles: batch,
    flops: 3 * batch * encoder.flops(side, side),
  };
}

const withPrefix = (shapes: Shapes): Shapes =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [`encoder/${name}`, shape]));

export interface Timing {
  readonly device: string;
  readonly compileSeconds: number;
  /** Of the fastest run: what the machine can do when nothing disturbs it. */
  readonly seconds: number;
  readonly meanSeconds: number;
}

/** Times a step after `warm` runs. */
export async function timeStep(
  engine: Engine,
  c: BenchCase,
  options: EngineOptions,
  { runs = 8, warm = 2, clock = systemClock }: { runs?: number; warm?: number; clock?: Clock } = {},
): Promise<Timing> {
  const running: RunningStep = await engine.startStep(c.spec, c.state, options);
  try {
    const seconds: number[] = [];
    for (let i = 0; i < warm + runs; i++) {
      const started = clock.tick();
      await running.run(c.batch, c.hyper);
      if (i >= warm) seconds.push((clock.tick() - started) / 1000);
    }
    return {
      device: running.device,
      compileSeconds: running.compileSeconds,
      seconds: Math.min(...seconds),
      meanSeconds: seconds.reduce((a, b) => a + b, 0) / seconds.length,
    };
  } finally {
    await running.dispose();
  }
}

/** GFLOP/s of a square matrix product on the device: the peak that training is measured against. */
export async function measureMatmulPeak(
  engine: Engine,
  options: EngineOptions,
  size = 1024,
): Promise<number> {
  const spec: ForwardSpec = {
    name: 'bench/matmul',
    weights: {},
    inputs: { a: [size, size], b: [size, size] },
    // The sum keeps the product on the device; it costs a thousandth of it.
    run: (_, { a, b }) => ({ sum: tf.sum(tf.matMul(a as Tensor2D, b as Tensor2D) as Tensor) }),
  };
  const running = await engine.startForward(spec, {}, options);
  try {
    const values = { shape: [size, size], data: new Float32Array(size * size).fill(0.5) };
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 8; i++) {
      const started = systemClock.tick();
      await running.run({ a: values, b: values });
      best = Math.min(best, (systemClock.tick() - started) / 1000);
    }
    return (2 * size ** 3) / best / 1e9;
  } finally {
    await running.dispose();
  }
}
