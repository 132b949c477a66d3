/**
 * The steps of `swath bench` and one block of a dense map, in seconds of the clock and of the processor: the latter can
 * be compared on a machine that others use as well. `pytorch.py` prints the same of PyTorch.
 *
 *     node_modules/.bin/node test/bench/engine.ts [--threads N] [--runs N]
 */
import { parseArgs } from 'node:util';
import { prngFrom } from '../../electron/base/prng.ts';
import { buildEncoder } from '../../electron/compute/encoders/encoder.ts';
import { resnetCase } from '../../electron/engine/bench.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import { mapSpec } from '../../electron/work/localFeatures.ts';

const { values } = parseArgs({
  options: { threads: { type: 'string', default: '1' }, runs: { type: 'string', default: '5' } },
});
const [threads, runs] = [Number(values.threads), Number(values.runs)];
const engine = createEngine();
const options = { device: 'cpu', threads } as const;

/** Prints the least of a few runs, after one that warms up. */
async function time(name: string, run: () => Promise<unknown>): Promise<void> {
  await run();
  let [clock, processor] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = 0; i < runs; i++) {
    const [started, before] = [performance.now(), process.cpuUsage()];
    await run();
    clock = Math.min(clock, performance.now() - started);
    const { user, system } = process.cpuUsage(before);
    processor = Math.min(processor, (user + system) / 1000);
  }
  console.log(name, `clock ${clock.toFixed(0)} ms, processor ${processor.toFixed(0)} ms`);
}

console.log('threads', threads);
for (const [width, batch] of [
  [64, 64],
  [32, 128],
  [16, 128],
] as const) {
  const made = resnetCase(width, batch);
  const running = await engine.startStep(made.spec, made.state, options);
  await time(`resnet18-w${width}-b${batch}`, () => running.run(made.batch, made.hyper));
  await running.dispose();
}

const [bands, side, classes] = [12, 276, 8];
const encoder = buildEncoder('dense', bands);
const prng = prngFrom('bench map');
const data = Float32Array.from({ length: encoder.dim * classes }, () => prng.normal());
const running = await engine.startForward(
  mapSpec(encoder, { encoder: 'dense', settings: {} }, side, side, classes),
  { ...encoder.fold(encoder.init(prng)), projection: { shape: [encoder.dim, classes], data } },
  options,
);
const x = { shape: [1, side, side, bands], data: new Float32Array(side ** 2 * bands).fill(0.5) };
await time(`dense map, ${side}x${side}`, () => running.run({ x }));
await running.dispose();
