/** The jobs from labels to report, on a small scene made here, with files that GDAL reads back. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAppError } from '../../electron/base/errors.ts';
import { prngFrom } from '../../electron/base/prng.ts';
import type { AssessJob, MapJob, PixelField, TrainJob } from '../../electron/contract/jobs.ts';
import type { Role } from '../../electron/contract/labels.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import type { JobContext } from '../../electron/jobs/protocol.ts';
import { crsFromEpsg } from '../../electron/raster/crs.ts';
import { openRaster } from '../../electron/raster/open.ts';
import { assessMap } from '../../electron/work/assess.ts';
import { measureLearnCurve } from '../../electron/work/learnCurve.ts';
import { mapScene } from '../../electron/work/map.ts';
import { computeSceneStatistics } from '../../electron/work/statistics.ts';
import { trainModel } from '../../electron/work/train.ts';
import { gdal, hasGdal } from '../support/gdal.ts';
import { writeRaster } from '../support/writeRaster.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-job-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const width = 600;
const height = 300;
const geotransform = [500_000, 10, 0, 5_300_000, 0, -10] as const;
/** Squares of 30 pixels, three classes in turn along diagonals. */
const side = 30;
const classAt = (col: number, row: number) => 1 + ((Math.floor(col / side) + Math.floor(row / side)) % 3);
const source = { scene: 's1', files: [join(folder, 'scene.tif')], sensor: null, date: null };
const classes = [
  { code: 1, name: 'wheat <&>', color: '#d4af37', key: null },
  { code: 2, name: 'beet', color: '#267300', key: null },
  { code: 3, name: 'water', color: '#4d70a3', key: null },
];
const engine = createEngine();

function context(name: string, signal = new AbortController().signal) {
  const stages = new Set<string>();
  const made = mkdtempSync(join(folder, `${name}-`));
  const value: JobContext = {
    id: name,
    folder: made,
    signal,
    progress: ({ stage }) => void stages.add(stage),
    event: () => {},
  };
  return { ...value, stages };
}

function field(id: string, col: number, row: number, role: Role = 'train', pixels = side): PixelField {
  const [x, y] = [col * side, row * side];
  // An open ring: what closes it is the reader's business.
  const ring = [
    [x, y],
    [x + pixels, y],
    [x + pixels, y + pixels],
    [x, y + pixels],
  ] as const;
  return { id, scene: 's1', classCode: classAt(x, y), role, polygons: [[ring]] };
}
const fields = Array.from({ length: 18 }, (_, i) => field(`f${i}`, i % 6, Math.floor(i / 6)));

const trainJob = (params: Partial<TrainJob['params']> = {}, some = fields): TrainJob => ({
  kind: 'train',
  params: { encoder: 'none', head: 'linear', set: {}, seed: 0, device: 'cpu', ...params },
  source,
  encoderFile: null,
  fields: some,
  classes,
  model: 'm1',
});
const mapJob = (modelFile: string, out: string, changes: Partial<MapJob> = {}): MapJob => ({
  kind: 'map',
  params: { model: 'm1', layers: [], fields: false, device: 'cpu' },
  map: 'map1',
  source,
  modelFile,
  region: null,
  out,
  confidence: null,
  layers: [],
  sieved: null,
  fields: null,
  classes,
  unfinished: join(folder, 'unfinished'),
  ...changes,
});
const assessJob = (mapFile: string, reference: AssessJob['reference'], out: string): AssessJob => ({
  kind: 'assess',
  assessment: 'a1',
  mapFile,
  reference,
  protocol: 'All pixels.',
  probabilitySample: false,
  classes,
  reportFile: out,
  calibration: null,
  taughtOn: null,
  facts: { Seed: '0' },
});

beforeAll(async () => {
  const prng = prngFrom(1);
  const crs = crsFromEpsg(32633);
  await writeRaster(
    source.files[0] as string,
    { width, height, bands: 3, dtype: 'int16', nodata: -1, crs, geotransform },
    (col, row, band) => {
      if (col >= 590) return -1;
      const own = classAt(col, row) === band ? 900 : 300;
      return Math.max(0, Math.round(own + 120 * prng.normal()));
    },
  );
  await writeRaster(
    join(folder, 'labels.tif'),
    { width, height, bands: 1, dtype: 'uint8', nodata: 0, content: 'classes', crs, geotransform },
    (col, row) => (row < 90 ? 0 : classAt(col, row)),
  );
});

describe('statistics', () => {
  it('tells sizes, bands, CRS and figures of a scene', async () => {
    const made = context('statistics');
    const { info, statistics } = await computeSceneStatistics({ kind: 'statistics', source }, made);
    expect(info).toMatchObject({ width, height, crs: 32633, geotransform: [...geotransform], exact: true });
    expect(info.bands.map((b) => b.dtype)).toEqual(['int16', 'int16', 'int16']);
    expect(info.bands[0]?.mean).toBeCloseTo(500, -1);
    expect(info.bands[0]?.valid).toBeCloseTo(590 / 600, 6);
    expect(statistics.bands).toHaveLength(3);
    expect(made.stages).toContain('statistics');
  });
});

describe('train, map, assess', () => {
  const trained = context('train');
  const out = join(folder, 'map.tif');
  const confidence = join(folder, 'confidence.tif');

  it('learns from ten pixels per class and asks the held-out fields', async () => {
    const result = await trainModel(trainJob({ perClass: 10 }), trained, engine);
    expect(result.labels).toEqual([1, 2, 3].map((code) => ({ code, count: 10 })));
    expect(result.heldOut).toHaveLength(9);
    expect(result.transferEstimate).toMatchObject({ split: 'field', trainFields: 9, testFields: 9 });
    expect(result.transferEstimate?.testPixels).toBe(9 * side * side);
    expect(result.transferEstimate?.oa).toBeGreaterThan(0.97);
    expect(await trainModel(trainJob({ perClass: 10 }), context('again'), engine)).toMatchObject({
      transferEstimate: result.transferEstimate,
      heldOut: result.heldOut,
    });
  });

  it('maps every valid pixel on the scene’s grid', async () => {
    const made = context('map');
    const job = mapJob(join(trained.folder, 'model.safetensors'), out, { confidence });
    const result = await mapScene(job, made, engine);
    expect(result).toMatchObject({ width, height, out, confidence });
    expect(made.stages).toContain('map');
    const counted = result.classes.reduce((sum, c) => sum + c.pixels, 0);
    expect(counted).toBe(590 * height);
    // 10 m pixels: 0.01 ha each.
    expect(result.classes[0]?.area).toBeCloseTo(0.01 * (result.classes[0]?.pixels ?? 0), 6);
    const map = await openRaster(out);
    const { bands, valid } = await map.readWindow({ col: 0, row: 0, width, height });
    await map.dispose();
    let right = 0;
    for (let i = 0; i < width * height; i++) {
      if ((bands[0]?.[i] ?? 0) === classAt(i % width, Math.floor(i / width))) right++;
    }
    expect(right / counted).toBeGreaterThan(0.97);
    expect(valid.reduce((a, b) => a + b, 0)).toBe(counted);
    const sure = await openRaster(confidence);
    const percent = await sure.readWindow({ col: 0, row: 0, width, height });
    await sure.dispose();
    const values = [...(percent.bands[0] ?? [])].filter((_, i) => percent.valid[i]);
    expect(Math.min(...values.slice(0, 1000))).toBeGreaterThanOrEqual(33);
    expect(values.every((v) => v <= 100)).toBe(true);
  });

  it.skipIf(!hasGdal)('writes what GDAL reads: georeference, palette, categories', () => {
    const info = gdal('gdalinfo', out);
    expect(info).toContain('Origin = (500000.000000000000000,5300000.000000000000000)');
    expect(info).toContain('Pixel Size = (10.000000000000000,-10.000000000000000)');
    expect(info).toContain('ID["EPSG",32633]');
    expect(info).toContain('1: 212,175,55,255');
    expect(info).toContain('wheat <&>');
    expect(info).toContain('NoData Value=0');
    expect(info).toContain('Overviews: 300x150');
    expect(readFileSync(join(folder, 'map.qml'), 'utf8')).toContain('color="#267300"');
    expect(gdal('gdalinfo', confidence)).toContain('ID["EPSG",32633]');
  });

  it('writes the layers asked for, and what it says of whole fields', async () => {
    const target = mkdtempSync(join(folder, 'layers-'));
    const at = (name: string) => join(target, `${name}.tif`);
    const kinds = ['runner-up', 'entropy', 'unlike'] as const;
    const result = await mapScene(
      mapJob(join(trained.folder, 'model.safetensors'), at('map'), {
        confidence: at('confidence'),
        layers: kinds.map((kind) => ({ kind, file: at(kind) })),
        sieved: { file: at('sieved'), least: 20 },
        fields: { shapes: fields, file: '' },
      }),
      context('layers'),
      engine,
    );
    const read = async (name: string) => {
      const raster = await openRaster(at(name));
      const { bands } = await raster.readWindow({ col: 0, row: 0, width, height });
      await raster.dispose();
      return [...(bands[0] ?? [])];
    };
    const plain = await openRaster(out);
    const raw = await plain.readWindow({ col: 0, row: 0, width, height });
    await plain.dispose();
    const map = await read('map');
    // With novelty the projection has more columns: the classes must not change.
    expect(map).toEqual([...(raw.bands[0] ?? [])]);
    const [sure, second, entropy, unlike, sieved] = await Promise.all(
      ['confidence', ...kinds, 'sieved'].map(read),
    );
    expect(second?.some((code, i) => code !== 0 && code === map[i])).toBe(false);
    const certain = sure?.indexOf(100) ?? -1;
    expect(entropy?.[certain]).toBeLessThan(10);
    expect(entropy?.some((v) => v > 101)).toBe(false);
    // One pixel in a hundred of the labelled ones lies beyond the limit, and the rest of the scene is alike.
    const strange = unlike?.filter((v) => v === 2).length ?? 0;
    expect(strange / (590 * height)).toBeLessThan(0.1);
    expect(unlike?.filter((v) => v === 0).length).toBe(10 * height);
    const right = (codes: readonly number[]) =>
      codes.filter((code, i) => code === classAt(i % width, Math.floor(i / width))).length;
    expect(right(sieved ?? [])).toBeGreaterThan(right(map));
    expect(result.fields).toHaveLength(fields.length);
    for (const [i, found] of (result.fields ?? []).entries()) {
      expect(found).toMatchObject({ id: fields[i]?.id, code: fields[i]?.classCode, pixels: side * side });
      expect(found.purity).toBeGreaterThan(0.9);
      expect(found.purity + found.runnerUpShare).toBeLessThanOrEqual(1);
    }
  });

  it('assesses against a label raster, leaving out what has no label', async () => {
    const report = join(folder, 'report.html');
    const job = assessJob(out, { from: 'raster', file: join(folder, 'labels.tif') }, report);
    const result = await assessMap(job, context('assess'));
    expect(result).toMatchObject({ kind: 'transfer estimate', areaUnit: 'ha', codes: [1, 2, 3] });
    expect(result.pixels).toBe(590 * (height - 90));
    expect(result.oa).toBeGreaterThan(0.97);
    const mapped = result.classes.reduce((sum, c) => sum + c.mappedArea, 0);
    const estimated = result.classes.reduce((sum, c) => sum + (c.area ?? 0), 0);
    expect(mapped).toBeCloseTo(0.01 * 590 * height, 3);
    expect(estimated).toBeCloseTo(mapped, 3);
    expect(result.classes.every((c) => c.areaCi === null)).toBe(true);
    const html = readFileSync(report, 'utf8');
    expect(html).toContain('data:image/png;base64,');
    expect(html).toContain('wheat &#60;&#38;&#62;');
  });

  it('calls it map accuracy, with intervals, only for a probability sample', async () => {
    const job = assessJob(out, { from: 'fields', fields }, join(folder, 'sample.html'));
    const result = await assessMap({ ...job, probabilitySample: true }, context('sample'));
    expect(result.kind).toBe('map accuracy');
    expect(result.classes.every((c) => (c.areaCi ?? 0) > 0)).toBe(true);
  });

  it('finds a reference on another grid of the same CRS by position', async () => {
    const coarse = join(folder, 'coarse.tif');
    await writeRaster(
      coarse,
      {
        width: 10,
        height: 10,
        bands: 1,
        dtype: 'uint8',
        nodata: 0,
        content: 'classes',
        crs: crsFromEpsg(32633),
        // One pixel per square, from the second square of the second row of squares on.
        geotransform: [500_300, 300, 0, 5_299_700, 0, -300],
      },
      (col, row) => classAt((col + 1) * side, (row + 1) * side),
    );
    const result = await assessMap(
      assessJob(out, { from: 'raster', file: coarse }, join(folder, 'coarse.html')),
      context('coarse'),
    );
    expect(result.pixels).toBe(300 * 270);
    expect(result.oa).toBeGreaterThan(0.97);
  });

  it('maps a region and nothing else', async () => {
    const part = join(folder, 'part.tif');
    const region = field('region', 1, 1).polygons;
    const result = await mapScene(
      mapJob(join(trained.folder, 'model.safetensors'), part, { region }),
      context('region'),
      engine,
    );
    expect(result.classes.reduce((sum, c) => sum + c.pixels, 0)).toBe(side * side);
    const job = assessJob(part, { from: 'fields', fields }, join(folder, 'part.html'));
    expect((await assessMap(job, context('part'))).pixels).toBe(side * side);
  });

  it('cross-validates over fields when all labels teach, with kNN too', async () => {
    for (const head of ['linear', 'knn'] as const) {
      const result = await trainModel(trainJob({ head }), context(head), engine);
      expect(result.heldOut).toEqual([]);
      expect(result.transferEstimate).toMatchObject({ trainFields: 18, testFields: 18 });
      expect(result.transferEstimate?.oa).toBeGreaterThan(0.95);
    }
  });
});

describe('a learning curve', () => {
  it.each(['field', 'block', 'random'] as const)(
    'compares features and heads over seeds, split by %s',
    async (split) => {
      const result = await measureLearnCurve(
        {
          kind: 'learn-curve',
          source,
          fields,
          features: [
            { id: 'raw', encoderFile: null, heads: ['linear', 'svm'] },
            { id: 'statistics', encoderFile: null, heads: ['linear', 'svm'] },
          ],
          shots: [3],
          seeds: 2,
          split,
          device: 'cpu',
        },
        context(split),
        engine,
      );
      expect(result.results.map((r) => `${r.features} ${r.head} ${r.shots}`)).toEqual([
        'raw linear 3',
        'raw svm 3',
        'statistics linear 3',
        'statistics svm 3',
      ]);
      for (const r of result.results.slice(0, 2)) expect(r.oa.mean).toBeGreaterThan(0.8);
      expect(result.notes.join(' ').includes('too good')).toBe(split === 'random');
    },
  );
});

describe('refusals', () => {
  const refusal = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!isAppError(error)) throw error ?? new Error('nothing was refused');
    return error;
  };

  it('needs two classes', async () => {
    const one = await refusal(trainModel(trainJob({}, [field('f', 0, 0)]), context('one'), engine));
    expect(one).toMatchObject({ code: 'bad-input' });
    expect(one.message).toContain('wheat');
    expect(one.remedy).toContain('two classes');
  });
  it('needs labels on the scene', async () => {
    const off = fields.map((f) => ({
      ...f,
      polygons: [
        [
          [
            [9000, 0],
            [9010, 0],
            [9010, 9],
            [9000, 9],
          ],
        ],
      ] as const,
    }));
    expect(await refusal(trainModel(trainJob({}, off), context('off'), engine))).toMatchObject({
      code: 'bad-input',
    });
  });
  it('says that raw bands cannot be fine-tuned', async () => {
    const error = await refusal(trainModel(trainJob({ head: 'finetune' }), context('head'), engine));
    expect(error).toMatchObject({ code: 'usage' });
    expect(error.remedy).toContain('linear');
  });
  it('refuses a reference elsewhere, and a map that is none', async () => {
    const elsewhere = join(folder, 'elsewhere.tif');
    const grid = { width: 20, height: 20, bands: 1, dtype: 'uint8', content: 'classes' } as const;
    await writeRaster(elsewhere, { ...grid, crs: crsFromEpsg(32634), geotransform }, () => 1);
    const reference = { from: 'raster', file: elsewhere } as const;
    const out = join(folder, 'no.html');
    const labels = join(folder, 'labels.tif');
    expect(await refusal(assessMap(assessJob(labels, reference, out), context('crs')))).toMatchObject({
      code: 'mismatch',
      subject: elsewhere,
    });
    const scene = source.files[0] as string;
    expect(await refusal(assessMap(assessJob(scene, reference, out), context('map')))).toMatchObject({
      code: 'bad-input',
    });
    expect(existsSync(out)).toBe(false);
  });
  it('leaves nothing behind when it is cancelled', async () => {
    const trained = context('train');
    await trainModel(trainJob({ perClass: 5 }), trained, engine);
    const target = mkdtempSync(join(folder, 'cancelled-'));
    const controller = new AbortController();
    const base = context('cancel', controller.signal);
    const stopping = { ...base, progress: () => controller.abort(new Error('stop')) };
    const job = mapJob(join(trained.folder, 'model.safetensors'), join(target, 'm.tif'), {
      confidence: join(target, 'c.tif'),
    });
    expect(await refusal(mapScene(job, stopping, engine))).toMatchObject({ code: 'cancelled' });
    expect(readdirSync(target)).toEqual([]);
  });
});
