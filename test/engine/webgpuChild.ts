/** Trains the small step on one device and prints losses, state and GPU memory facts: run by webgpu.test.ts. */
import { createEngine } from '../../electron/engine/engine.ts';
import { smallBatch, smallHyper, smallState, smallStep } from './smallStep.ts';

const engine = createEngine();
const running = await engine.startStep(smallStep, smallState(), { device: 'webgpu' });
const losses: number[] = [];
for (let i = 0; i < 12; i++)
  losses.push((await running.run(smallBatch(i % 3), smallHyper)).loss?.data[0] ?? Number.NaN);
const state = Object.fromEntries(
  Object.entries(await running.readState()).map(([name, { data }]) => [name, Array.from(data)]),
);
const again = await running.readState();
await running.dispose();
process.stdout.write(JSON.stringify({ losses, state, stable: Array.from(again['head/w']?.data ?? []) }));
