import { type Clock, systemClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { JobContext } from '../jobs/protocol.ts';

/** Throws `cancelled` when the job was cancelled. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError('cancelled', 'Cancelled');
}

/**
 * Reports a stage of known length with its rate and time left. Call `advance` often: it looks for cancellation each
 * time and tells at most five times a second. `before`: what is done already and says nothing about the rate.
 */
export function startStage(
  context: Pick<JobContext, 'signal' | 'progress'>,
  stage: string,
  total: number,
  unit: string,
  clock: Clock = systemClock,
  before = 0,
): { advance(by: number): void } {
  const start = clock.tick();
  let told = Number.NEGATIVE_INFINITY;
  let done = before;
  const tell = () => {
    const now = clock.tick();
    if (done < total && now - told < 200) return;
    told = now;
    const rate = done > before && now > start ? (1000 * (done - before)) / (now - start) : null;
    context.progress({
      stage,
      done,
      total,
      unit,
      rate,
      secondsLeft: rate === null ? null : (total - done) / rate,
    });
  };
  throwIfCancelled(context.signal);
  tell();
  return {
    advance(by) {
      throwIfCancelled(context.signal);
      done = Math.min(total, done + by);
      tell();
    },
  };
}

/** Gives timers and messages a turn, so that a cancel can arrive during long sums. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
