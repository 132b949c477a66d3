/** Job: one measurement of `swath bench`, with the functions that real work uses, on made-up data. */
import type { BenchJob } from '../../contract/jobs.ts';
import type { BenchFigures } from '../../contract/run.ts';
import { measureMatmulPeak, resnetCase, timeStep } from '../../engine/bench.ts';
import type { DeviceChoice, Engine } from '../../engine/types.ts';
import type { JobContext } from '../../jobs/protocol.ts';
import { benchLoop } from './loop.ts';
import { benchMap } from './map.ts';
import { type Measured, timed } from './measured.ts';

/** Errors: device; out-of-memory; cancelled. */
export async function bench(job: BenchJob, context: JobContext, engine: Engine): Promise<BenchFigures> {
  const device = job.device as DeviceChoice;
  const matmulGflops = await measureMatmulPeak(engine, { device });
  const measured = await measure(job, context, engine);
  return { name: job.name, ...measured, matmulGflops, shareOfMatmul: measured.gflops / matmulGflops };
}

async function measure(job: BenchJob, context: JobContext, engine: Engine): Promise<Measured> {
  switch (job.name) {
    case 'loop-w32':
      return benchLoop(job, context, engine);
    case 'map':
      return benchMap(job, context, engine);
    case 'resnet18-w64-b64':
      return benchStep(64, 64, job, engine);
    case 'resnet18-w32-b128':
      return benchStep(32, 128, job, engine);
    case 'resnet18-w16-b128':
      return benchStep(16, 128, job, engine);
  }
}

async function benchStep(
  width: 16 | 32 | 64,
  batch: number,
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
