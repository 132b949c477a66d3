/** Job: what a pretraining would take of memory, time and disk. It draws the step, and trains nothing. */

import { methodCard } from '../contract/catalog/methods.ts';
import { defaultsOf } from '../contract/catalog/parameters.ts';
import type { EstimateJob, EstimateResult } from '../contract/jobs.ts';
import type { RunEstimate } from '../contract/run.ts';
import type { Engine, StepEstimate } from '../engine/types.ts';
import { openScenes } from '../feed/open.ts';
import { createPlaces } from '../feed/places.ts';
import type { JobContext } from '../jobs/protocol.ts';
import { fitPlan } from './fitPlan.ts';
import { largestBatch, memoryOfRun, type Planned } from './memoryOfRun.ts';
import { beginRun } from './pretrainBeginning.ts';
import { totalSteps } from './pretrainLoop.ts';

/** Of the curves: a row per step as JSON. */
const bytesPerRow = 400;

/** Errors: those of a run with this job that show before its first step, but for its being too large. */
export async function estimateRun(
  { pretrain: job }: EstimateJob,
  context: JobContext,
  engine: Engine,
): Promise<EstimateResult> {
  const scenes = await openScenes(job.sources, job.regions);
  try {
    const notices: string[] = [];
    const beginning = await beginRun(job, scenes, {
      signal: context.signal,
      event: (_, notice) => void notices.push(String(notice)),
    });
    const { plan, done } = beginning;
    const planned: Planned = { ...beginning, scenes, job };
    const memory = await memoryOfRun(planned, engine);
    const steps = totalSteps(plan);
    return {
      ...{ batch: plan.batch, tile: plan.tile, epochs: plan.epochs, steps, notices },
      device: memory.step.device,
      memory: {
        ...{ bytes: memory.bytes, parts: memory.parts, availableBytes: memory.availableBytes },
        fits: memory.fits,
        deviceBytes: memory.step.memory.device,
      },
      batchAdvice: adviceOf(planned, await largestBatch(planned, memory, engine)),
      time: timeOf(memory.step, (steps - done) * plan.batch),
      diskBytes: 3 * memory.parts.state + bytesPerRow * steps,
    };
  } finally {
    await scenes.dispose();
  }
}

/** The method's own batch, less where memory or ground do not reach. */
function adviceOf({ plan, scenes, job }: Planned, largest: number): RunEstimate['batchAdvice'] {
  const card = methodCard(plan.method);
  const own = Number(defaultsOf(card.parameters).batch);
  const places = createPlaces(scenes.placed, { side: plan.tile, seed: plan.seed }).distinct(plan.tile);
  const onGround = fitPlan({ ...plan, batch: own }, job.params, places).plan.batch;
  const suggested = Math.min(onGround, largest);
  const why =
    largest === 0
      ? 'no batch fits into memory'
      : suggested === own
        ? 'it fits into memory'
        : largest < onGround
          ? `${largest} is what fits into memory`
          : `there are ${places} distinct places`;
  return {
    largest,
    suggested,
    reason: `${card.name} is set up for ${own} tiles (${card.needs.batch.toLowerCase()} batches); ${why}.`,
  };
}

function timeOf({ tilesPerSecond, measured, device }: StepEstimate, tiles: number): RunEstimate['time'] {
  if (tilesPerSecond === null || measured === null)
    return {
      ...{ seconds: null, tilesPerSecond: null },
      basis: 'No run with this method, encoder, tile and batch was timed on this machine yet.',
    };
  return {
    ...{ seconds: tiles / tilesPerSecond, tilesPerSecond },
    basis: `${tilesPerSecond.toPrecision(3)} tiles/s on ${device}, timed on ${measured.slice(0, 10)}.`,
  };
}
