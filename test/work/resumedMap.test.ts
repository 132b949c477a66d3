/** A map that was cut short goes on where it was, ends as if nothing had happened, and trusts no damaged block. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import type { MapJob, TrainJob } from '../../electron/contract/jobs.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import type { JobContext } from '../../electron/jobs/protocol.ts';
import { openRaster } from '../../electron/raster/open.ts';
import { mapScene } from '../../electron/work/map.ts';
import { trainModel } from '../../electron/work/train.ts';
import { writeRaster } from '../support/writeRaster.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-resumed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const engine = createEngine();
const [width, height] = [700, 500];
const classes = [1, 2].map((code) => ({ code, name: `Crop ${code}`, color: '#112233', key: null }));
const context = (change: Partial<JobContext> = {}): JobContext => ({
  id: 'run',
  folder,
  signal: new AbortController().signal,
  progress: () => {},
  event: () => {},
  ...change,
});

async function pixelsOf(path: string): Promise<Uint8Array> {
  const raster = await openRaster(path);
  const { bands } = await raster.readWindow({ col: 0, row: 0, width, height });
  await raster.dispose();
  return bands[0] as Uint8Array;
}

it('goes on with the blocks of a map that was cancelled', async () => {
  const scene = join(folder, 'scene.tif');
  const prng = prngFrom(2);
  await writeRaster(
    scene,
    { width, height, bands: 2 },
    (col, _row, band) => (Math.floor(col / 50) % 2 === band - 1 ? 0.8 : 0.2) + 0.1 * prng.normal(),
  );
  const source = { scene: 's', files: [scene], sensor: null, date: null };
  const fields: TrainJob['fields'] = Array.from({ length: 8 }, (_, i) => {
    const [x, y] = [50 * i + 10, 40 + 30 * (i % 3)];
    const ring = [
      [x, y],
      [x + 30, y],
      [x + 30, y + 30],
      [x, y + 30],
    ] as const;
    return { id: `f${i}`, scene: 's', classCode: 1 + (i % 2), role: 'train', polygons: [[ring]] };
  });
  const params = { encoder: 'none', head: 'linear', set: {}, seed: 0, device: 'cpu' } as const;
  await trainModel(
    { kind: 'train', params, source, encoderFile: null, fields, classes, model: 'm' },
    context(),
    engine,
  );
  const job = (name: string): MapJob => ({
    kind: 'map',
    params: { model: 'm', layers: [], fields: false, device: 'cpu' },
    map: name,
    source,
    modelFile: join(folder, 'model.safetensors'),
    region: null,
    out: join(folder, `${name}.tif`),
    confidence: join(folder, `${name}-confidence.tif`),
    layers: [],
    sieved: null,
    fields: null,
    classes,
    unfinished: join(folder, 'unfinished'),
  });
  const straight = await mapScene(job('straight'), context(), engine);
  expect(straight.resumedPixels).toBe(0);
  expect(readdirSync(join(folder, 'unfinished'))).toEqual([]);

  const keptNow = () =>
    readdirSync(join(folder, 'unfinished'), { recursive: true }).filter((name) => /\.z$/.test(String(name)));
  /** Cancelled once so many blocks are kept; six there are. */
  const cutShort = async (after: number) => {
    const { signal } = new AbortController();
    Object.defineProperty(signal, 'aborted', { get: () => keptNow().length >= after });
    await expect(mapScene(job('cut'), context({ signal }), engine)).rejects.toMatchObject({
      code: 'cancelled',
    });
  };
  await cutShort(2);
  const [key] = readdirSync(join(folder, 'unfinished'));
  const kept = () => readdirSync(join(folder, 'unfinished', key ?? ''));
  const first = kept();
  expect(first).toHaveLength(2);

  // Half a block, as a power cut leaves it, is made anew; the others are not.
  const torn = join(folder, 'unfinished', key ?? '', first[0] ?? '');
  truncateSync(torn, Math.floor(statSync(torn).size / 2));
  const resumed = await mapScene(job('cut'), context(), engine);
  // 234 × 250 pixels a block.
  expect(resumed.resumedPixels).toBe(234 * 250);
  expect(resumed.classes).toEqual(straight.classes);
  expect(await pixelsOf(resumed.out)).toEqual(await pixelsOf(straight.out));
  expect(await pixelsOf(resumed.confidence ?? '')).toEqual(await pixelsOf(straight.confidence ?? ''));
  expect(readdirSync(join(folder, 'unfinished'))).toEqual([]);

  // For another model nothing is taken over, and what was kept is given up.
  await cutShort(4);
  expect((await mapScene(job('again'), context(), engine)).resumedPixels).toBe(4 * 234 * 250 - 2 * 250);
  await cutShort(3);
  expect(readdirSync(join(folder, 'unfinished'))).toHaveLength(1);
  await trainModel(
    {
      kind: 'train',
      params: { ...params, seed: 1 },
      source,
      encoderFile: null,
      fields: fields.slice(1),
      classes,
      model: 'm2',
    },
    context(),
    engine,
  );
  expect((await mapScene(job('other'), context(), engine)).resumedPixels).toBe(0);
  expect(readFileSync(job('other').out).length).toBeGreaterThan(0);
});
