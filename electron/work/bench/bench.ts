/** Job: one measurement of `swath bench`, with the functions that real work uses, on made-up data. */
import { join } from 'node:path';
import type { BenchFigures } from '../../contract/bench.ts';
import type { BenchJob } from '../../contract/jobs.ts';
import { measureMatmulPeak, resnetCase, timeStep } from '../../engine/bench.ts';
import type { DeviceChoice, Engine } from '../../engine/types.ts';
import type { JobContext } from '../../jobs/protocol.ts';
import { benchLoop } from './loop.ts';
import { benchMap } from './map.ts';
import { type Measured, timed } from './measured.ts';
import { readProfile } from './profile.ts';

/** Errors: device; out-of-memory; cancelled. */
export async function bench(job: BenchJob, context: JobContext, engine: Engine): Promise<BenchFigures> {
  const device = job.device as DeviceChoice;
  const matmulGflops = await measureMatmulPeak(engine, { device });
  const measured = await measure(job, context, engine);
  const profile = job.profile ? await profileOf(job, context, engine) : null;
  const shareOfMatmul = measured.gflops / matmulGflops;
  return { name: job.name, ...measured, matmulGflops, shareOfMatmul, profile };
}

async function measure(job: BenchJob, context: JobContext, engine: Engine): Promise<Measured> {
  switch (job.name) {
    case 'loop-w32':
      return benchLoop(job, context, engine);
    case 'map':
      return benchMap(job, context, engine);
    default:
      return benchStep(steps[job.name], job, engine);
  }
}

const steps = {
  'resnet18-w64-b64': [64, 64],
  'resnet18-w32-b128': [32, 128],
  'resnet18-w16-b128': [16, 128],
} as const;

/** A few more steps, apart from those that were timed: keeping the profile costs time itself. */
async function profileOf(
  { name, device }: BenchJob,
  { folder }: JobContext,
  engine: Engine,
): Promise<BenchFigures['profile']> {
  if (name === 'loop-w32' || name === 'map') return null;
  const [width, batch] = steps[name];
  const options = { device: device as DeviceChoice, profile: join(folder, 'profile') };
  await timeStep(engine, resnetCase(width, batch), options, { runs: 2, warm: 0 });
  return readProfile(folder);
}

async function benchStep(
  [width, batch]: (typeof steps)[keyof typeof steps],
  { device }: BenchJob,
  engine: Engine,
): Promise<Measured> {
  const made = resnetCase(width, batch);
  const timing = await timeStep(engine, made, { device: device as DeviceChoice }, timed);
  return {
    device: timing.device,
    tilesPerSecond: made.tiles / timing.seconds,
    pixelsPerSecond: null,
    gflops: made.flops / timing.seconds / 1e9,
    shareOfEngine: null,
    compileSeconds: timing.compileSeconds,
  };
}
