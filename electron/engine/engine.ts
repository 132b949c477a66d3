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
  onlyOne,
  type Rates,
  readFinding,
  reasonFor,
  timingsIn,
} from './devices/choose.ts';
import { kindOf, type Probed, probeDevices } from './devices/devices.ts';
import { timedFromWithin } from './devices/timedFromWithin.ts';
import { sizeOf } from './graph/graph.ts';
import { exportOnnx } from './onnx/export.ts';
import { optimize } from './passes/optimize.ts';
import { startCompiledForward, startCompiledStep } from './run/compiled.ts';
import { startEagerForward, startEagerStep } from './run/eager.ts';
import { drawStep } from './run/graphs.ts';
import { loadModel } from './run/model.ts';
import { memoryNeeds } from './run/needs.ts';
import { traceForward } from './trace/trace.ts';
import type { DeviceId, Engine, EngineOptions, RunningForward, RunningStep } from './types.ts';

/** Seconds of timing per device, after one warm run. */
const timingSeconds = 0.5;
const timedRuns = 3;

/** `cacheFolder` keeps what was measured, per machine and step. */
export function createEngine({
  log = silent,
  cacheFolder,
}: {
  log?: Log;
  cacheFolder?: string;
} = {}): Engine {
  let probed: Promise<Probed[]> | undefined;
  const probe = (): Promise<Probed[]> => {
    probed ??= probeDevices();
    return probed;
  };

  /** Throws `device` for one that is not there. */
  const assertAvailable = async (device: DeviceId): Promise<void> => {
    if (device === 'cpu' || device === 'wasm' || device === 'tfjs-cpu') return;
    const report = (await probe()).find((r) => r.id === device);
    if (report?.available) return;
    throw new AppError('device', `The device ${device} is not available: ${report?.detail ?? 'unknown'}`, {
      subject: device,
      remedy: 'Choose `auto`, or a device that `swath devices` lists as available.',
    });
  };

  /** The devices among which to choose, and what is known of this work on them. */
  async function survey(work: Work, { device, threads, without = [] }: EngineOptions) {
    const candidates =
      device === 'auto' ? contenders(await probe()).filter((id) => !without.includes(id)) : [device];
    const key = findingKey(work.signature, candidates, threads);
    const known = readFinding(cacheFolder, key);
    return { candidates, key, known: known && candidates.includes(known.device) ? known : undefined };
  }

  /**
   * Starts on the chosen device. For `auto` with several contenders each is started and timed, the best is kept; a
   * device that fails or cannot compile the work is passed over. `wasm` is taken only when nothing else can do it.
   */
  async function startOn<T extends { dispose(): Promise<void> }>(
    work: Work,
    options: EngineOptions,
    start: (device: DeviceId, reason: string) => Promise<T>,
    trial: (running: T) => Promise<void>,
  ): Promise<T> {
    const { device, without = [] } = options;
    if (device !== 'auto') {
      await assertAvailable(device);
      return start(device, `${device}: chosen by the user`);
    }
    const { candidates, key, known } = await survey(work, options);
    const failed = without.length > 0 ? `${without.join(' and ')} failed; ` : '';
    const [only] = candidates;
    if (only !== undefined && candidates.length === 1) {
      try {
        return await start(only, failed + (known ? reasonFor(known, false) : `${only}: ${onlyOne}`));
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'unsupported') throw error;
        log('warn', 'The step cannot be compiled; it runs on wasm', { step: work.name, why: error.message });
        return start('wasm', `wasm: the compiled engine cannot run this step (${error.message})`);
      }
    }
    if (known) return start(known.device, failed + reasonFor(known, false));

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
    const finding = fastest(work.name, rates);
    if (!finding) return start('wasm', `${failed}wasm: no other device can run this step`);
    keepFinding(cacheFolder, key, finding, log);
    const reason = failed + reasonFor(finding, true);
    log('info', reason, { step: work.name });
    return start(finding.device, reason);
  }

  /** Where nothing was compared, the first steps of the run itself tell the rate: kept for the next estimate. */
  async function noteRate(work: Work, running: RunningStep, options: EngineOptions): Promise<RunningStep> {
    const { candidates, key } = await survey(work, options);
    if (candidates.length !== 1 || candidates[0] !== running.device) return running;
    return timedFromWithin(running, (seconds) => {
      const rates = { [running.device]: work.tiles / seconds };
      const finding = fastest(work.name, rates);
      if (!finding) return running.deviceReason;
      keepFinding(cacheFolder, key, finding, log);
      if (options.device === 'auto' && !options.without?.length) return reasonFor(finding, true);
      return running.deviceReason;
    });
  }

  return {
    async devices() {
      const timings = timingsIn(cacheFolder);
      return (await probe()).map((report) => ({ ...report, timings: timings[report.id] ?? [] }));
    },
    async estimateStep(spec: StepSpec, options: EngineOptions) {
      const { candidates, known } = await survey(workOf(spec), options);
      const device = known?.device ?? (candidates.length === 1 ? candidates[0] : undefined);
      const graph = await drawStep(spec, device ?? 'cpu');
      return {
        device: device ?? null,
        memory: memoryNeeds(graph, spec.state, device ?? 'cpu'),
        tilesPerSecond: known?.rates[known.device] ?? null,
        measured: known?.when ?? null,
      };
    },
    forwardMemory: (spec) =>
      memoryNeeds(optimize(traceForward(spec)), { ...spec.weights, ...spec.inputs }, 'cpu').host,
    async startStep(spec: StepSpec, state: Arrays, options: EngineOptions) {
      const { threads, profile } = options;
      const batch = madeUp(spec.batch);
      const hyper = Object.fromEntries(spec.hyper.map((name) => [name, 0]));
      const work = workOf(spec);
      const running = await startOn(
        work,
        options,
        (device, deviceReason) =>
          kindOf(device) === 'compiled'
            ? startCompiledStep(spec, state, { device, deviceReason, threads, profile })
            : startEagerStep(spec, state, { device, deviceReason }),
        async (running) => void (await running.run(batch, hyper)),
      );
      return noteRate(work, running, options);
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
    loadModel,
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
/** What is timed: a name for people, a signature that changes with every shape, and the tiles of a run. */
interface Work {
  readonly name: string;
  readonly signature: string;
  readonly tiles: number;
}
const workOf = (spec: StepSpec): Work => ({
  name: spec.name,
  signature: signatureOf(spec.name, spec.state, spec.batch),
  tiles: tilesIn(spec.batch),
});
const signatureOf = (name: string, ...shapes: Shapes[]): string => `${name} ${JSON.stringify(shapes)}`;
const tilesIn = (shapes: Shapes): number => Object.values(shapes)[0]?.[0] ?? 1;
