/** The loop of a pretraining run: batch in, metrics out, in the order of the steps. What happens around it is the caller's. */
import { must } from '../base/assert.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { PretrainStep } from '../compute/methods/buildStep.ts';
import type { Arrays } from '../compute/step.ts';
import type { MetricRow } from '../contract/run.ts';
import type { RunningStep } from '../engine/types.ts';
import type { Batches } from '../feed/batches.ts';
import type { PretrainPlan } from './pretrainPlan.ts';

export interface StepReport {
  /** Steps done, this one included. */
  readonly step: number;
  readonly row: MetricRow;
  /** Whole metrics of the step, embeddings included. */
  readonly metrics: Arrays;
  /** Time that the step took, its batch included. */
  readonly milliseconds: number;
}

export interface LoopOptions {
  readonly plan: PretrainPlan;
  readonly step: PretrainStep;
  readonly running: RunningStep;
  readonly batches: Batches;
  /** Steps done before. */
  readonly from: number;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  after(report: StepReport): Promise<void>;
}

export const totalSteps = (plan: PretrainPlan): number => plan.epochs * plan.stepsPerEpoch;

/**
 * Runs the steps that are left. The next batch is prepared while a step computes, as far as the device leaves this
 * thread alone. Errors: cancelled; bad-input when the loss is no longer a number; those of reading and of the device.
 */
export async function runSteps(options: LoopOptions): Promise<void> {
  const { plan, step: method, running, batches, signal } = options;
  const clock = options.clock ?? systemClock;
  const total = totalSteps(plan);
  const shape = must(method.spec.batch.view1, 'shape of a view');
  let next = batches.prepare(options.from);
  let before = clock.tick();
  for (let step = options.from; step < total; step++) {
    signal.throwIfAborted();
    const { view1, view2 } = await next;
    const hyper = method.hyperAt(step, total);
    const computing = running.run(
      {
        view1: { shape, data: view1 },
        view2: { shape, data: view2 },
        ...method.extraInputs(plan.seed, step),
      },
      hyper,
    );
    if (step + 1 < total) {
      next = batches.prepare(step + 1);
      // Should the step fail, nobody waits for this batch any more.
      next.catch(() => {});
    }
    const metrics = await computing;
    const row = metricRow(step + 1, plan, metrics, hyper);
    if (!Number.isFinite(row.loss)) throw diverged(step, plan);
    const now = clock.tick();
    await options.after({ step: step + 1, row, metrics, milliseconds: now - before });
    before = clock.tick();
  }
}

/** The scalars of a step. `epoch` counts from 1. */
function metricRow(
  step: number,
  plan: PretrainPlan,
  metrics: Arrays,
  hyper: Readonly<Record<string, number>>,
): MetricRow & { readonly loss: number } {
  const scalars = Object.entries(metrics)
    .filter(([, { data }]) => data.length === 1)
    .map(([name, { data }]) => [name, data[0] as number] as const);
  const epoch = Math.ceil(step / plan.stepsPerEpoch);
  const named: Record<string, number> = Object.fromEntries(scalars);
  return { step, epoch, loss: Number.NaN, ...named, learningRate: hyper.lr ?? 0 };
}

function diverged(step: number, plan: PretrainPlan): AppError {
  const rate = plan.methodValues.learningRate;
  return new AppError('bad-input', `The loss is not a number any more after step ${step}`, {
    subject: plan.method,
    remedy: `Lower the learning rate (now ${rate}): --set learningRate=${Number(rate) / 3}.`,
  });
}
