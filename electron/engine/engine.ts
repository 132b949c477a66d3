/** The one entry to this room: steps and forward functions on whatever device there is. */
import { systemClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { type Log, silent } from '../base/log.ts';
import type { Arrays, ForwardSpec, Shapes, StepSpec } from '../compute/step.ts';
import {
  contenders,
  fastest,
  findingKey,
  keepFinding,
  type Rates,
  readFinding,
  reasonFor,
} from './devices/choose.ts';
import { kindOf, probeDevices } from './devices/devices.ts';
import { sizeOf } from './graph/graph.ts';
import { exportOnnx } from './onnx/export.ts';
import { startCompiledForward, startCompiledStep } from './run/compiled.ts';
import { startEagerForward, startEagerStep } from './run/eager.ts';
import type { DeviceId, DeviceReport, Engine, EngineOptions, RunningForward } from './types.ts';

/** Seconds of timing per device, after one warm run. */
const timingSeconds = 0.5;
const timedRuns = 3;

/** `cacheFolder` keeps what `auto` measured, per machine and step. */
export function createEngine({
  log = silent,
  cacheFolder,
}: {
  log?: Log;
  cacheFolder?: string;
} = {}): Engine {
  let probed: Promise<DeviceReport[]> | undefined;
  const devices = (): Promise<DeviceReport[]> => {
    probed ??= probeDevices();
    return probed;
  };

  /** Throws `device` for one that is not there. */
  const assertAvailable = async (device: DeviceId): Promise<void> => {
    if (device === 'cpu' || device === 'wasm' || device === 'tfjs-cpu') return;
    const report = (await devices()).find((r) => r.id === device);
    if (report?.available) return;
    throw new AppError('device', `The device ${device} is not available: ${report?.detail ?? 'unknown'}`, {
      subject: device,
      remedy: 'Choose `auto`, or a device that `swath devices` lists as available.',
    });
  };

  /**
   * Starts on the chosen device. For `auto` with several contenders each is started and timed, the best is kept; a
   * device that fails or cannot compile the work is passed over. `wasm` is taken only when nothing else can do it.
   */
  async function startOn<T extends { dispose(): Promise<void> }>(
    work: { name: string; signature: string; tiles: number },
    { device, threads }: EngineOptions,
    start: (device: DeviceId, reason: string) => Promise<T>,
    trial: (running: T) => Promise<void>,
  ): Promise<T> {
    if (device !== 'auto') {
      await assertAvailable(device);
      return start(device, `${device}: chosen by the user`);
    }
    const candidates = contenders(await devices());
    if (candidates.length === 1) {
      try {
        return await start('cpu', 'cpu: no other device loads on this machine');
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'unsupported') throw error;
        log('warn', 'The step cannot be compiled; it runs on wasm', { step: work.name, why: error.message });
        return start('wasm', `wasm: the compiled engine cannot run this step (${error.message})`);
      }
    }
    const key = findingKey(work.signature, candidates, threads);
    const known = readFinding(cacheFolder, key);
    if (known && candidates.includes(known.device)) return start(known.device, reasonFor(known, false));

    const rates: Rates = {};
    for (const id of candidates) {
      try {
        const running = await start(id, '');
        try {
          rates[id] = work.tiles / (await secondsPerRun(() => trial(running)));
        } finally {
          await running.dispose();
        }
      } catch (error) {
        log('warn', `The device ${id} is passed over`, { step: work.name, why: String(error) });
      }
    }
    const finding = fastest(rates);
    if (!finding) return start('wasm', 'wasm: no other device can run this step');
    keepFinding(cacheFolder, key, finding, log);
    const reason = reasonFor(finding, true);
    log('info', reason, { step: work.name });
    return start(finding.device, reason);
  }

  return {
    devices,
    async startStep(spec: StepSpec, state: Arrays, options: EngineOptions) {
      const { threads, profile } = options;
      const batch = madeUp(spec.batch);
      const hyper = Object.fromEntries(spec.hyper.map((name) => [name, 0]));
      return startOn(
        {
          name: spec.name,
          signature: signatureOf(spec.name, spec.state, spec.batch),
          tiles: tilesIn(spec.batch),
        },
        options,
        (device, deviceReason) =>
          kindOf(device) === 'compiled'
            ? startCompiledStep(spec, state, { device, deviceReason, threads, profile })
            : startEagerStep(spec, state, { device, deviceReason }),
        async (running) => void (await running.run(batch, hyper)),
      );
    },
    async startForward(spec: ForwardSpec, weights: Arrays, options: EngineOptions): Promise<RunningForward> {
      const { threads } = options;
      const inputs = madeUp(spec.inputs);
      return startOn(
        {
          name: spec.name,
          signature: signatureOf(spec.name, spec.weights, spec.inputs),
          tiles: tilesIn(spec.inputs),
        },
        options,
        (device, deviceReason) =>
          kindOf(device) === 'compiled'
            ? startCompiledForward(spec, weights, { device, deviceReason, threads })
            : startEagerForward(spec, weights, { device, deviceReason }),
        async (running) => void (await running.run(inputs)),
      );
    },
    exportOnnx,
  };
}

/** Mean seconds of a few runs, after a warm one. */
async function secondsPerRun(run: () => Promise<void>): Promise<number> {
  await run();
  const started = systemClock.tick();
  let seconds = 0;
  let runs = 0;
  while (runs < timedRuns && seconds < timingSeconds) {
    await run();
    runs += 1;
    seconds = (systemClock.tick() - started) / 1000;
  }
  return seconds / runs;
}

/** Uneven values of order one: constant input would make variances zero. */
const madeUp = (shapes: Shapes): Arrays =>
  Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      { shape, data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i)) },
    ]),
  );
const signatureOf = (name: string, ...shapes: Shapes[]): string => `${name} ${JSON.stringify(shapes)}`;
const tilesIn = (shapes: Shapes): number => Object.values(shapes)[0]?.[0] ?? 1;
