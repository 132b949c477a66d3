/** The device that a run computes on. When it fails, the next one takes over from the last state that was read back. */
import { type AppError, isAppError } from '../base/errors.ts';
import type { Arrays, StepSpec } from '../compute/step.ts';
import type { DeviceFallback } from '../contract/run.ts';
import type { DeviceChoice, DeviceId, Engine, RunningStep } from '../engine/types.ts';
import type { JobContext } from '../jobs/protocol.ts';

export interface HeldDevice {
  readonly running: RunningStep;
  /** Devices that failed so far. */
  readonly fallbacks: readonly DeviceFallback[];
  /**
   * Starts on another device after `error`, which came after `failedAfter` steps, from the state of `resumesFrom` steps.
   * Says so as a warning. Throws `error` itself when no other device could do better.
   */
  replace(
    error: unknown,
    last: { readonly state: Arrays; readonly resumesFrom: number; readonly failedAfter: number },
  ): Promise<void>;
  dispose(): Promise<void>;
}

/** Errors: device; out-of-memory; unsupported. */
export async function holdDevice(
  engine: Engine,
  spec: StepSpec,
  state: Arrays,
  wanted: DeviceChoice,
  context: Pick<JobContext, 'event'>,
): Promise<HeldDevice> {
  const fallbacks: DeviceFallback[] = [];
  const start = async (from: Arrays): Promise<RunningStep> => {
    const without = fallbacks.map(({ device }) => device as DeviceId);
    const device = without.length > 0 ? 'auto' : wanted;
    const started = await engine.startStep(spec, from, { device, without });
    context.event('device', { device: started.device, reason: started.deviceReason });
    return started;
  };
  let running = await start(state);
  return {
    get running() {
      return running;
    },
    fallbacks,
    async replace(error, { state: last, resumesFrom, failedAfter }) {
      if (!couldGoElsewhere(error, running.device)) throw error;
      const { device } = running;
      // A device that is lost may not even be given back.
      await running.dispose().catch(() => {});
      fallbacks.push({ device, afterStep: failedAfter, reason: error.message });
      running = await start(last);
      context.event(
        'warning',
        `The device ${device} failed after step ${failedAfter} (${error.message}). The run goes on from step ${resumesFrom} on ${running.device}.`,
      );
    },
    dispose: () => running.dispose(),
  };
}

/** Where the processor runs out of memory nothing else has more; the last device has none behind it. */
function couldGoElsewhere(error: unknown, device: DeviceId): error is AppError {
  if (isAppError(error, 'device')) return device !== 'wasm' && device !== 'tfjs-cpu';
  return isAppError(error, 'out-of-memory') && !['cpu', 'wasm', 'tfjs-cpu', 'tensorflow'].includes(device);
}
