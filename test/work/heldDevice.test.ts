/** A run whose device fails: it goes on elsewhere, says so, and ends as if nothing had happened. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../electron/base/errors.ts';
import { prngFrom } from '../../electron/base/prng.ts';
import type { PretrainJob } from '../../electron/contract/jobs.ts';
import { pretrainSchema } from '../../electron/contract/methods.ts';
import type { MetricRow, PretrainResult } from '../../electron/contract/run.ts';
import { readSafetensors } from '../../electron/disk/safetensors.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import type { DeviceId, Engine, EngineOptions } from '../../electron/engine/types.ts';
import { readMetrics } from '../../electron/work/metricsLog.ts';
import { pretrain } from '../../electron/work/pretrain.ts';
import { writeRaster } from '../support/writeRaster.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-fallback-'));
afterAll(() => rmSync(folder, { recursive: true }));
const real = createEngine();
let file = '';
beforeAll(async () => {
  const prng = prngFrom(3);
  file = await writeRaster(join(folder, 'scene.tif'), { width: 64, height: 64, bands: 3 }, () =>
    prng.normal(),
  );
});

/** Two epochs of six steps. */
const jobOf = (device: string): PretrainJob => ({
  kind: 'pretrain',
  params: pretrainSchema.parse({
    ...{ method: 'vicreg', tile: 8, batch: 16, epochs: 2, seed: 4, device },
    set: { width: 8, layers: 2, dimension: 8, projectorWidth: 16, tilesPerEpoch: 96 },
  }),
  sources: [{ scene: 'scene', files: [file], sensor: null, date: null }],
  ...{ regions: [], fields: [], fromEncoder: null, resumeFolder: null },
});

/** The processor under the name of `device`, which fails with `error` in the step after so many. */
function failing(device: DeviceId, error: AppError, steps: number): Engine & { asked: EngineOptions[] } {
  const asked: EngineOptions[] = [];
  return {
    ...real,
    asked,
    async startStep(spec, state, options) {
      asked.push(options);
      const running = await real.startStep(spec, state, { ...options, device: 'cpu' });
      if (asked.length > 1) return running;
      let done = 0;
      const run: typeof running.run = (...given) =>
        done++ === steps ? Promise.reject(error) : running.run(...given);
      const { compileSeconds } = running;
      const readState = () => running.readState();
      return {
        device,
        deviceReason: 'test',
        compileSeconds,
        run,
        readState,
        dispose: () => running.dispose(),
      };
    },
  };
}

async function run(name: string, engine: Engine, device: string) {
  const own = join(folder, name);
  mkdirSync(own);
  const events: [string, unknown][] = [];
  const context = {
    ...{ id: name, folder: own, signal: new AbortController().signal, progress: () => {} },
    event: (kind: string, data: unknown) => void events.push([kind, data]),
  };
  const result: PretrainResult = await pretrain(jobOf(device), context, engine);
  const { tensors } = readSafetensors(join(own, 'checkpoint.safetensors'));
  const rows: MetricRow[] = readMetrics(own, 99);
  return { result, events, tensors, rows };
}

describe('a run whose device fails', () => {
  const lost = new AppError('device', 'The device webgpu failed while training: device lost');
  const full = new AppError('out-of-memory', 'Not enough memory on webgpu');

  it.each([
    ['lost before the first checkpoint', lost, 2, 0],
    ['lost after an epoch', lost, 8, 6],
    ['out of memory', full, 9, 6],
  ])('%s goes on from the last state, and says so', async (name, error, steps, resumesFrom) => {
    const straight = await run(`${name}-straight`, real, 'cpu');
    const engine = failing('webgpu', error, steps);
    const ran = await run(name, engine, 'webgpu');
    expect(engine.asked).toMatchObject([{ device: 'webgpu' }, { device: 'auto', without: ['webgpu'] }]);
    expect(ran.result.fallbacks).toEqual([{ device: 'webgpu', afterStep: steps, reason: error.message }]);
    expect(ran.result.device).toBe('cpu');
    const warned = ran.events.flatMap(([kind, data]) => (kind === 'warning' ? [String(data)] : []));
    expect(warned.filter((text) => text.includes('webgpu'))).toEqual([
      `The device webgpu failed after step ${steps} (${error.message}). The run goes on from step ${resumesFrom} on cpu.`,
    ]);
    expect(ran.events.filter(([kind]) => kind === 'device').map(([, data]) => data)).toMatchObject([
      { device: 'webgpu' },
      { device: 'cpu' },
    ]);
    // The same seed, the same steps: nothing is lost and nothing counts twice.
    expect(ran.tensors).toEqual(straight.tensors);
    expect(ran.rows).toEqual(straight.rows);
    expect(ran.result.metrics).toEqual(straight.result.metrics);
  });

  it('ends with the error where nothing else could do better', async () => {
    const error = new AppError('out-of-memory', 'Not enough memory on cpu');
    await expect(run('cpu', failing('cpu', error, 2), 'cpu')).rejects.toBe(error);
  });
});
