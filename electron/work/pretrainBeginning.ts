/** What a pretraining run starts from: fresh weights, another encoder's, or its own checkpoint. */
import { AppError } from '../base/errors.ts';
import { buildEncoder, type Encoder } from '../compute/encoders/encoder.ts';
import { buildStep, type PretrainStep } from '../compute/methods/buildStep.ts';
import type { Arrays } from '../compute/step.ts';
import type { Normalisation } from '../contract/encoder.ts';
import type { PretrainJob } from '../contract/jobs.ts';
import type { MetricRow } from '../contract/run.ts';
import type { OpenScenes } from '../feed/open.ts';
import type { JobContext } from '../jobs/protocol.ts';
import { assertStateFits, readCheckpoint } from './checkpoint.ts';
import { type Started, startFrom } from './fromEncoder.ts';
import { readMetrics } from './metricsLog.ts';
import { placesHash, planFromData } from './pretrainData.ts';
import { totalSteps } from './pretrainLoop.ts';
import type { PretrainPlan } from './pretrainPlan.ts';
import { versions } from './versions.ts';

export interface Beginning {
  readonly plan: PretrainPlan;
  readonly normalisation: Normalisation;
  readonly encoder: Encoder;
  readonly step: PretrainStep;
  readonly state: Arrays;
  readonly done: number;
  readonly seconds: number;
  readonly rows: readonly MetricRow[];
}

/** Errors: those of reading and of the settings (usage, mismatch); not-found without a checkpoint. */
export async function beginRun(
  job: PretrainJob,
  scenes: OpenScenes,
  context: Pick<JobContext, 'event' | 'signal'>,
): Promise<Beginning> {
  return job.resumeFolder ? resumeFrom(job.resumeFolder, job, context) : begin(job, scenes, context);
}

async function begin(
  job: PretrainJob,
  scenes: OpenScenes,
  context: Pick<JobContext, 'event' | 'signal'>,
): Promise<Beginning> {
  const fitted = await planFromData(job, scenes, context.signal);
  const started: Started | null = job.fromEncoder
    ? startFrom(job.fromEncoder, fitted, job.params.fromBands)
    : null;
  const { plan, notices } = fitted;
  for (const notice of [...notices, ...(started?.notices ?? [])]) context.event('warning', notice);
  const normalisation = started?.normalisation ?? fitted.normalisation;
  const encoder = buildEncoder(plan.encoder, normalisation.bands.length, plan.encoderValues);
  const step = stepOf(plan, encoder);
  const state = step.initialState(plan.seed, started?.weights);
  return { plan, normalisation, encoder, step, state, done: 0, seconds: 0, rows: [] };
}

function resumeFrom(folder: string, job: PretrainJob, context: Pick<JobContext, 'event'>): Beginning {
  const {
    plan: begun,
    normalisation,
    state,
    step: done,
    seconds,
    places,
    versions: old,
  } = readCheckpoint(folder);
  const plan = withEpochs(begun, job.params.epochs, done, context);
  if (places !== placesHash(job))
    context.event('warning', 'Scenes or regions changed since the run began: it goes on, on other tiles.');
  const changed = Object.keys(versions).filter((name) => old[name] !== versions[name]);
  if (changed.length > 0)
    context.event(
      'warning',
      `Resumed with other versions of ${changed.join(', ')}: figures may differ a little.`,
    );
  const encoder = buildEncoder(plan.encoder, normalisation.bands.length, plan.encoderValues);
  const step = stepOf(plan, encoder);
  assertStateFits(state, step.spec.state);
  return { plan, normalisation, encoder, step, state, done, seconds, rows: readMetrics(folder, done) };
}

/** The same run with another end. Its learning rate follows the new length from here on, so the steps differ from now. */
function withEpochs(
  plan: PretrainPlan,
  epochs: number | undefined,
  done: number,
  context: Pick<JobContext, 'event'>,
): PretrainPlan {
  if (epochs === undefined || epochs === plan.epochs) return plan;
  const changed = { ...plan, epochs };
  if (totalSteps(changed) < done)
    throw new AppError(
      'usage',
      `The run has done ${done} steps; ${epochs} epochs are ${totalSteps(changed)}`,
      {
        subject: 'epochs',
        remedy: `Give more epochs, or leave them out for the ${plan.epochs} it began with.`,
      },
    );
  context.event(
    'warning',
    `Resumed for ${epochs} epochs instead of ${plan.epochs}: the learning rate follows.`,
  );
  return changed;
}

export function stepOf(plan: PretrainPlan, encoder: Encoder): PretrainStep {
  const { method, tile, batch, methodValues: values } = plan;
  return buildStep({ method, encoder, tile, batch, values });
}
