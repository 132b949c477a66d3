/** What a pretraining takes of memory: its step as the engine reckons it, and what lies around the step. */
import { AppError } from '../base/errors.ts';
import type { Encoder } from '../compute/encoders/encoder.ts';
import type { PretrainStep } from '../compute/methods/buildStep.ts';
import type { PretrainJob } from '../contract/jobs.ts';
import type { MemoryPart } from '../contract/run.ts';
import type { DeviceChoice, Engine, StepEstimate } from '../engine/types.ts';
import { bytesOfScenes, type OpenScenes } from '../feed/open.ts';
import { availableMemory } from './availableMemory.ts';
import { embedSpec } from './embedTiles.ts';
import { withBatch } from './fitPlan.ts';
import { stepOf } from './pretrainBeginning.ts';
import type { PretrainPlan } from './pretrainPlan.ts';
import { keptTiles } from './watchTiles.ts';

export interface MemoryOfRun {
  readonly step: StepEstimate;
  readonly parts: Readonly<Record<MemoryPart, number>>;
  /** Sum of the parts. */
  readonly bytes: number;
  readonly availableBytes: number;
  readonly fits: boolean;
}

export interface Planned {
  readonly plan: PretrainPlan;
  readonly encoder: Encoder;
  readonly step: PretrainStep;
  readonly scenes: OpenScenes;
  readonly job: PretrainJob;
}

/** Draws the step and runs nothing. Errors: unsupported for a step that cannot be drawn. */
export async function memoryOfRun(
  { plan, encoder, step, scenes, job }: Planned,
  engine: Engine,
): Promise<MemoryOfRun> {
  const [now, availableBytes] = [process.memoryUsage.rss(), availableMemory()];
  const estimate = await engine.estimateStep(step.spec, { device: job.params.device as DeviceChoice });
  const tileBytes = 4 * plan.tile ** 2 * encoder.bands;
  const parts = {
    process: now,
    // As it is handed over; the engine has copies of its own, which the step counts.
    state:
      4 * Object.values(step.spec.state).reduce((sum, shape) => sum + shape.reduce((n, d) => n * d, 1), 0),
    step: estimate.memory.host,
    // Two pairs of views: one is filled while the other is learnt from.
    batches: 4 * plan.batch * tileBytes,
    scenes: bytesOfScenes(scenes, encoder.bands),
    watch:
      engine.forwardMemory(embedSpec(encoder, plan.tile)) + keptTiles(plan, job.fields.length) * tileBytes,
  };
  const bytes = Object.values(parts).reduce((sum, part) => sum + part, 0);
  return { step: estimate, parts, bytes, availableBytes, fits: bytes - now <= availableBytes };
}

const largestOfAll = 4096;
const smallest = 4;

/**
 * The largest batch that fits: memory grows evenly with the batch, so that two sizes tell of all others. `memory` is of
 * the plan as it is. 0 when none fits.
 */
export async function largestBatch(planned: Planned, memory: MemoryOfRun, engine: Engine): Promise<number> {
  const { batch } = planned.plan;
  const other = batch >= 4 * smallest ? Math.floor(batch / 2) : 2 * batch;
  const plan = withBatch(planned.plan, other);
  const elsewhere = await memoryOfRun({ ...planned, plan, step: stepOf(plan, planned.encoder) }, engine);
  const beside = ({ bytes, parts }: MemoryOfRun) => bytes - parts.process;
  const perTile = (beside(memory) - beside(elsewhere)) / (batch - other);
  const most = batch + (memory.availableBytes - beside(memory)) / perTile;
  if (most < smallest) return 0;
  return most < 8 ? smallest : Math.min(largestOfAll, 8 * Math.floor(most / 8));
}

/** Errors: out-of-memory with the figures and the way out, for a run that would not fit. */
export async function assertRunFits(planned: Planned, engine: Engine): Promise<void> {
  const memory = await memoryOfRun(planned, engine);
  if (memory.fits) return;
  const largest = await largestBatch(planned, memory, engine);
  const { plan, encoder } = planned;
  throw new AppError(
    'out-of-memory',
    `The run needs ${gibibytes(memory.bytes - memory.parts.process)} of memory, and ${gibibytes(memory.availableBytes)} can be had`,
    {
      subject: `${plan.batch} tiles of ${plan.tile} × ${plan.tile} × ${encoder.bands} on ${encoder.id}`,
      remedy:
        largest > 0
          ? `A batch of ${largest} fits (--batch ${largest}). A smaller tile or a narrower encoder needs less too, or close other programs.`
          : `Not even a batch of ${smallest} fits. Take a smaller tile or a narrower encoder, or close other programs.`,
    },
  );
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
