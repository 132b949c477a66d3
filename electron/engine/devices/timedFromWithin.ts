import { type Clock, systemClock } from '../../base/clock.ts';
import type { RunningStep } from '../types.ts';

/** The first runs allocate what the later ones find ready. */
const [warm, timed] = [2, 3];

/** The same step, which times its own third to fifth run; `found` hears their mean and words the reason anew. */
export function timedFromWithin(
  running: RunningStep,
  found: (seconds: number) => string,
  clock: Clock = systemClock,
): RunningStep {
  let runs = 0;
  let milliseconds = 0;
  let reason = running.deviceReason;
  return {
    device: running.device,
    get deviceReason() {
      return reason;
    },
    compileSeconds: running.compileSeconds,
    async run(batch, hyper) {
      if (runs >= warm + timed) return running.run(batch, hyper);
      const started = clock.tick();
      const metrics = await running.run(batch, hyper);
      runs += 1;
      if (runs > warm) milliseconds += clock.tick() - started;
      if (runs === warm + timed) reason = found(milliseconds / timed / 1000);
      return metrics;
    },
    readState: () => running.readState(),
    dispose: () => running.dispose(),
  };
}
