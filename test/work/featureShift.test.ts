/** A model away from home: flagged where the scene is another, measured where labels exist, silent at home. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import type { AssessJob, MapJob, PixelField, SceneSource } from '../../electron/contract/jobs.ts';
import { worryingShift } from '../../electron/contract/run.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import { assessMap } from '../../electron/work/assess.ts';
import { mapScene } from '../../electron/work/map.ts';
import { trainModel } from '../../electron/work/train.ts';
import { writeRaster } from '../support/writeRaster.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-shift-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const engine = createEngine();
const [width, height] = [300, 160];
const classes = [1, 2].map((code) => ({ code, name: `Crop ${code}`, color: '#112233', key: null }));
const context = {
  id: 'run',
  folder,
  signal: new AbortController().signal,
  progress: () => {},
  event: () => {},
};

/** Two crops in stripes; `by` is added to every band. */
async function region(name: string, seed: number, by: number): Promise<SceneSource> {
  const file = join(folder, `${name}.tif`);
  const prng = prngFrom(seed);
  await writeRaster(
    file,
    { width, height, bands: 2 },
    (col, _row, band) => (Math.floor(col / 50) % 2 === band - 1 ? 0.8 : 0.3) + by + 0.05 * prng.normal(),
  );
  return { scene: name, files: [file], sensor: null, date: null };
}

function fieldsOf(scene: string): PixelField[] {
  return Array.from({ length: 6 }, (_, i) => {
    const [x, y] = [50 * i + 10, 30 + 30 * (i % 3)];
    const ring = [
      [x, y],
      [x + 30, y],
      [x + 30, y + 30],
      [x, y + 30],
    ] as const;
    return { id: `${scene}-${i}`, scene, classCode: 1 + (i % 2), role: 'train', polygons: [[ring]] };
  });
}

it('flags a shift of the features, and measures the drop where there are labels', async () => {
  const home = await region('home', 1, 0);
  const params = { encoder: 'none', head: 'linear', seed: 0, device: 'cpu' } as const;
  const trained = await trainModel(
    { kind: 'train', params, source: home, encoderFile: null, fields: fieldsOf('home'), classes, model: 'm' },
    context,
    engine,
  );
  const mapOf = (source: SceneSource) => {
    const job: MapJob = {
      kind: 'map',
      params: { model: 'm', layers: [], fields: false, device: 'cpu' },
      map: source.scene,
      source,
      modelFile: join(folder, 'model.safetensors'),
      region: null,
      out: join(folder, `${source.scene}-map.tif`),
      confidence: null,
      layers: [],
      sieved: null,
      fields: null,
      classes,
      unfinished: join(folder, 'unfinished'),
    };
    return mapScene(job, context, engine);
  };
  expect((await mapOf(home)).unlikeShare).toBeNull();
  const near = await mapOf(await region('near', 2, 0));
  expect(near.unlikeShare).toBeLessThan(worryingShift);
  const far = await mapOf(await region('far', 3, 0.6));
  expect(far.unlikeShare).toBeGreaterThan(0.9);

  const assess = (scene: string) => {
    const job: AssessJob = {
      kind: 'assess',
      assessment: scene,
      mapFile: join(folder, `${scene}-map.tif`),
      reference: { from: 'fields', fields: fieldsOf(scene) },
      protocol: 'All pixels of the fields.',
      probabilitySample: false,
      taughtOn: { scene: 'home', oa: trained.transferEstimate?.oa ?? 0 },
      classes,
      reportFile: join(folder, `${scene}.html`),
      calibration: null,
      facts: {},
    };
    return assessMap(job, context);
  };
  const measured = await assess('far');
  expect(measured.transfer).toEqual({ scene: 'home', home: trained.transferEstimate?.oa, here: measured.oa });
  expect(readFileSync(join(folder, 'far.html'), 'utf8')).toContain(
    'The model was taught on another scene, home',
  );
  expect((await assess('near')).oa).toBeGreaterThan(0.95);
});
