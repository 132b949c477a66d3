import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../electron/base/errors.ts';
import { prngFrom } from '../../electron/base/prng.ts';
import type { PixelField, PretrainJob } from '../../electron/contract/jobs.ts';
import type { MetricRow, PretrainResult } from '../../electron/contract/run.ts';
import { readSafetensors } from '../../electron/disk/safetensors.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import type { JobProgress } from '../../electron/jobs/protocol.ts';
import { readCheckpoint } from '../../electron/work/checkpoint.ts';
import { readEncoderFile } from '../../electron/work/encoderFile.ts';
import { pretrain } from '../../electron/work/pretrain.ts';
import { writeRaster } from '../support/writeRaster.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-pretrain-'));
afterAll(() => rmSync(folder, { recursive: true }));
const engine = createEngine();

/**
 * A small optical scene: a chessboard of fields of 16 pixels, four crops that differ in the shape of their spectrum,
 * each pixel noisy and each field with its own brightness.
 */
const spectra = [
  [300, 500, 900, 3000],
  [400, 600, 1400, 2000],
  [900, 800, 700, 1200],
  [200, 900, 300, 2500],
];
const crops = Array.from({ length: 6 }, (_, row) =>
  Array.from({ length: 6 }, (_, col) => (Math.floor(((row * 6 + col) * 5) / 3) + row) % 4),
);
async function writeScene(name: string, bands: readonly number[]): Promise<void> {
  const options = { width: 96, height: 96, dtype: 'uint16', bands: bands.length } as const;
  const bandDescriptions = bands.map((band) => `B${band}`);
  await writeRaster(join(folder, `${name}.tif`), { ...options, bandDescriptions }, (col, row, band) => {
    const [x, y] = [Math.floor(col / 16), Math.floor(row / 16)];
    const source = bands[band - 1] ?? 0;
    const value = spectra[crops[y]?.[x] ?? 0]?.[source] ?? 0;
    const light = prngFrom(7, 'light', x, y).uniform();
    return value * (0.7 + 0.6 * light) * (0.8 + 0.4 * prngFrom(7, col, row, source).uniform());
  });
}
let fields: PixelField[] = [];
beforeAll(async () => {
  await writeScene('scene', [0, 1, 2, 3]);
  await writeScene('three', [0, 1, 3]);
  fields = crops.flatMap((line, row) =>
    line.map((crop, col): PixelField => {
      const [x, y] = [16 * col, 16 * row];
      const ring = [
        [x, y],
        [x + 16, y],
        [x + 16, y + 16],
        [x, y + 16],
      ] as const;
      return {
        id: `${row}-${col}`,
        scene: 'scene',
        classCode: crop + 1,
        role: 'train',
        polygons: [[ring]],
      };
    }),
  );
});

const set = { width: 16, layers: 2, dimension: 16, projectorWidth: 32, tilesPerEpoch: 64 };
function jobOf(changes: Partial<PretrainJob> = {}, params: Partial<PretrainJob['params']> = {}): PretrainJob {
  return {
    kind: 'pretrain',
    params: {
      ...{ method: 'vicreg', encoder: 'dense', scenes: [], regions: [], seed: 5, device: 'cpu' },
      ...{ tile: 8, batch: 16, epochs: 2, set },
      ...params,
    },
    sources: [{ scene: 'scene', files: [join(folder, 'scene.tif')], sensor: null, date: null }],
    regions: [],
    fields: [],
    fromEncoder: null,
    resumeFolder: null,
    ...changes,
  };
}

interface Ran {
  readonly folder: string;
  readonly result: PretrainResult | null;
  readonly error: unknown;
  readonly rows: MetricRow[];
  readonly progress: Omit<JobProgress, 'rssBytes'>[];
  readonly warnings: string[];
}

/** Runs a job in this process; `stopAfter` cancels once that many steps are done. */
async function runJob(name: string, job: PretrainJob, stopAfter = Number.POSITIVE_INFINITY): Promise<Ran> {
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  const controller = new AbortController();
  const ran = { rows: [] as MetricRow[], progress: [] as Ran['progress'], warnings: [] as string[] };
  // The engine counts the steps, because rows come late and in bundles.
  let steps = 0;
  const counting = {
    ...engine,
    startStep: async (...args: Parameters<typeof engine.startStep>) => {
      const running = await engine.startStep(...args);
      return {
        ...running,
        run: (...given: Parameters<typeof running.run>) => {
          if (++steps === stopAfter) controller.abort(new AppError('cancelled', 'enough'));
          return running.run(...given);
        },
      };
    },
  };
  try {
    const context = {
      id: name,
      folder: own,
      signal: controller.signal,
      progress: (p: Omit<JobProgress, 'rssBytes'>) => void ran.progress.push(p),
      event: (kind: string, data: unknown) => {
        if (kind === 'metrics') ran.rows.push(...(data as MetricRow[]));
        if (kind === 'warning') ran.warnings.push(String(data));
      },
    };
    const result = await pretrain(job, context, counting);
    return { ...ran, folder: own, result, error: null };
  } catch (error) {
    return { ...ran, folder: own, result: null, error };
  }
}
const file = (ran: Ran, name: string) => readFileSync(join(ran.folder, name), 'utf8');
const stateOf = (ran: Ran) => readSafetensors(join(ran.folder, 'checkpoint.safetensors')).tensors;
const encoderOf = (ran: Ran) => readEncoderFile(join(ran.folder, 'encoder.safetensors'));

describe('pretrain', () => {
  test('answers everything, and leaves curves, checkpoint, encoder and record', async () => {
    const ran = await runJob('whole', jobOf({ fields }, { epochs: 4 }));
    expect(ran.error).toBeNull();
    expect(ran.result).toMatchObject({
      ...{ run: 'whole', method: 'vicreg', encoder: 'dense', device: 'cpu', seed: 5, epochs: 4, steps: 16 },
      ...{ collapse: 'none', collapseAdvice: null },
    });
    const { metrics, tilesPerSecond, peakRssBytes, versions } = ran.result as PretrainResult;
    for (const value of Object.values(metrics)) expect(Number.isFinite(value)).toBe(true);
    expect(tilesPerSecond).toBeGreaterThan(0);
    expect(peakRssBytes).toBeLessThan(2 * 2 ** 30);
    expect(versions).toMatchObject({ swath: expect.any(String), 'onnxruntime-node': expect.any(String) });

    const lines = file(ran, 'metrics.jsonl').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(ran.rows);
    expect(ran.rows.map((row) => row.step)).toEqual(Array.from({ length: 17 }, (_, i) => i));
    const looks = ran.rows.filter((row) => row.rankMe !== undefined);
    expect(looks.map((row) => row.epoch)).toEqual([0, 1, 2, 3, 4]);
    const watched = ['knn', 'rankMe', 'effectiveRank', 'meanCosine', 'uniformity', 'hAlignment', 'hStd'];
    for (const row of looks) expect(watched.filter((name) => !Number.isFinite(row[name]))).toEqual([]);
    for (const row of ran.rows.slice(1))
      expect(
        ['loss', 'zStd', 'gradNorm', 'learningRate'].filter((name) => !Number.isFinite(row[name])),
      ).toEqual([]);
    expect(looks.at(-1)?.hAlignment).toBeGreaterThan(0);
    // It learns: the loss falls, and fields find their own crop more often than before, far above 1 in 4.
    const mean = (rows: MetricRow[]) => rows.reduce((sum, row) => sum + (row.loss ?? 0), 0) / rows.length;
    expect(mean(ran.rows.slice(13))).toBeLessThan(mean(ran.rows.slice(1, 5)));
    expect(metrics.knn).toBeGreaterThan(0.6);

    expect(ran.progress.at(-1)).toMatchObject({ stage: 'pretrain', done: 256, total: 256, unit: 'tiles' });
    const { record, weights } = encoderOf(ran);
    expect(record).toMatchObject({
      ...{ run: 'whole', method: 'vicreg', receptiveField: 5, halo: 2, stride: 1, dimension: 16, tile: 8 },
      scenes: ['scene'],
    });
    expect(record.normalisation.bands.map((band) => band.name)).toEqual(['B0', 'B1', 'B2', 'B3']);
    expect(
      Object.keys(weights).some((name) => name.startsWith('optimizer') || name.startsWith('projector')),
    ).toBe(false);
    expect(JSON.parse(file(ran, 'run.json'))).toMatchObject({ result: ran.result, plan: { batch: 16 } });
  });

  test('one seed, one run; another seed, another', async () => {
    const [a, b] = [await runJob('seed-a', jobOf()), await runJob('seed-b', jobOf())];
    expect(stateOf(a)).toEqual(stateOf(b));
    expect(a.rows).toEqual(b.rows);
    const c = await runJob('seed-c', jobOf({}, { seed: 6 }));
    expect(stateOf(c)).not.toEqual(stateOf(a));
  });

  test.each([
    ['vicreg', 'dense', 3],
    ['moco', 'dense', 6],
    ['simsiam', 'dense', 5],
  ] as const)(
    '%s on %s, stopped after step %i, ends bit-equal when resumed',
    async (method, encoder, stop) => {
      const own = {
        vicreg: set,
        moco: { ...set, queue: 64, splits: 4 },
        simsiam: { ...set, predictorWidth: 8 },
      }[method];
      const params = { method, encoder, set: own };
      const straight = await runJob(`${method}-straight`, jobOf({}, params));
      expect(straight.error).toBeNull();
      const cut = await runJob(`${method}-cut`, jobOf({}, params), stop);
      expect(cut.error).toMatchObject({ code: 'cancelled' });
      expect(readCheckpoint(cut.folder).step).toBe(stop);
      // In a new process the engine and all else are fresh; here at least nothing is carried over but the folder.
      const resumed = await runJob(`${method}-resumed`, jobOf({ resumeFolder: cut.folder }, params));
      expect(resumed.error).toBeNull();
      expect(stateOf(resumed)).toEqual(stateOf(straight));
      expect(encoderOf(resumed).weights).toEqual(encoderOf(straight).weights);
      expect(file(resumed, 'metrics.jsonl')).toBe(file(straight, 'metrics.jsonl'));
      expect(resumed.result?.metrics).toEqual(straight.result?.metrics);
    },
  );

  test('a run can be resumed for more epochs, never for fewer than it has done', async () => {
    const first = await runJob('short', jobOf({}, { epochs: 1 }));
    const steps = readCheckpoint(first.folder).step;
    const longer = await runJob('longer', jobOf({ resumeFolder: first.folder }, { epochs: 2 }));
    expect(longer.error).toBeNull();
    expect(longer.result).toMatchObject({ epochs: 2, steps: 2 * steps });
    const shorter = await runJob('shorter', jobOf({ resumeFolder: longer.folder }, { epochs: 1 }));
    expect(shorter.error).toMatchObject({ code: 'usage', subject: 'epochs' });
  });

  test('a run goes on from another encoder, on the same bands and on fewer', async () => {
    const first = await runJob('first', jobOf());
    const file = join(first.folder, 'encoder.safetensors');
    const { record, weights } = encoderOf(first);
    const same = await runJob('same', jobOf({ fromEncoder: file }, { seed: 9, epochs: 1 }));
    expect(same.error).toBeNull();
    expect(encoderOf(same).record.normalisation).toEqual(record.normalisation);
    const three = [{ scene: 'three', files: [join(folder, 'three.tif')], sensor: null, date: null }];
    const fewer = await runJob('fewer', jobOf({ fromEncoder: file, sources: three }, { epochs: 1 }));
    expect(fewer.error).toBeNull();
    expect(encoderOf(fewer).record.normalisation.bands.map((band) => band.name)).toEqual(['B0', 'B1', 'B3']);
    // One epoch moves weights a little: they are still nearer to where they came from than fresh ones are.
    const distance = (other: Ran) => {
      const [a, b] = [weights['conv2/w']?.data, encoderOf(other).weights['conv2/w']?.data];
      return Math.hypot(...Array.from(a ?? [], (v, i) => v - (b?.[i] ?? 0)));
    };
    expect(distance(fewer)).toBeLessThan(
      0.5 * distance(await runJob('fresh', jobOf({}, { seed: 9, epochs: 1 }))),
    );
    const wider = await runJob('wider', jobOf({ fromEncoder: file }, { set: { ...set, width: 24 } }));
    expect(wider.error).toMatchObject({ code: 'mismatch' });
    // The same scene as reflectance: the encoder knows digital numbers.
    const units = [0, 1, 2, 3].map(() => ({ scale: 1e-4, offset: 0 }));
    const scaled = jobOf().sources.map((source) => ({ ...source, units }));
    const other = await runJob('units', jobOf({ fromEncoder: file, sources: scaled }, { epochs: 1 }));
    expect(other.error).toMatchObject({ code: 'mismatch', remedy: expect.stringContaining('--scale') });
    const reflectance = encoderOf(await runJob('reflectance', jobOf({ sources: scaled }, { epochs: 1 })));
    expect(reflectance.record.normalisation.bands[3]).toMatchObject({ scale: 1e-4, offset: 0 });
    expect(reflectance.record.normalisation.bands[3]?.mean).toBeLessThan(1);
  });

  test('VICReg without its variance term collapses, and the run says so; with it, it does not', async () => {
    const values = { ...set, learningRate: 0.01, tilesPerEpoch: 640 };
    const bad = await runJob('bad', jobOf({}, { set: { ...values, varianceWeight: 0 }, epochs: 1 }));
    expect(bad.result?.collapse).toBe('full');
    expect(bad.result?.collapseAdvice).toContain('variance');
    expect(bad.warnings.join()).toContain('Collapse');
    const stopping = { ...values, tilesPerEpoch: 320, varianceWeight: 0, stopOnCollapse: true };
    const stopped = await runJob('stopped', jobOf({}, { set: stopping, epochs: 50 }));
    expect(stopped.error).toMatchObject({ code: 'bad-input', remedy: expect.stringContaining('variance') });
    // It ended at the end of an epoch, and what was learnt until then is there.
    const { step } = readCheckpoint(stopped.folder);
    expect(step % 20).toBe(0);
    expect(step).toBeLessThan(400);
    expect(stopped.rows.at(-1)?.step).toBe(step);
    const good = await runJob('good', jobOf({}, { set: values, epochs: 1 }));
    expect(good.result).toMatchObject({ collapse: 'none', collapseAdvice: null });
  });

  test('a small scene gets a shorter epoch and no larger batch than it has places, and says so', async () => {
    const { tilesPerEpoch: _, ...rest } = set;
    // 9 places of 32 × 32 pixels.
    const small = { tile: 32, batch: 128, epochs: 1, set: rest };
    const ran = await runJob('small', jobOf({}, small));
    expect(ran.error).toBeNull();
    expect(ran.result?.steps).toBe((16 * 9) / 8);
    expect(ran.warnings.join()).toMatch(/A batch of 128 .* 9 distinct places twice: 8 are taken.*144 tiles/);
    const moco = await runJob('small-moco', jobOf({}, { ...small, method: 'moco' }));
    expect(moco.error).toBeNull();
    expect(moco.warnings.join()).toMatch(/queue of 1024 .* 9 distinct places; 16 are kept/);
  });

  test('refuses what cannot work, with the way out', async () => {
    const fails = async (name: string, job: PretrainJob) => (await runJob(name, job)).error as AppError;
    expect(await fails('e1', jobOf({}, { set: { temprature: 1 } }))).toMatchObject({
      code: 'usage',
      remedy: expect.stringContaining('learningRate'),
    });
    expect(await fails('e2', jobOf({}, { tile: 128 }))).toMatchObject({ code: 'bad-input' });
    expect(await fails('e3', jobOf({ resumeFolder: join(folder, 'nowhere') }))).toMatchObject({
      code: 'not-found',
    });
    expect(await fails('e4', jobOf({ sources: [] }))).toMatchObject({ code: 'usage' });
    const diverged = await fails(
      'e5',
      jobOf({}, { set: { ...set, learningRate: 10, optimizer: 'sgd' }, epochs: 20 }),
    );
    expect(diverged).toMatchObject({ remedy: expect.stringContaining('learningRate') });
    const queue = await runJob(
      'moco-queue',
      jobOf({}, { method: 'moco', epochs: 1, set: { ...set, queue: 512 } }),
    );
    expect(queue.warnings.join()).toContain('queue of 512');
    const small = await runJob('small-batch', jobOf({}, { epochs: 1 }));
    expect(small.warnings.join()).toContain('16 tiles are few');
    expect(queue.warnings.join()).not.toContain('are few');
  });
});
