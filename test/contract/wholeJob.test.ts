/** Every method of the contract, called over the in-process transport with real workers, in the order of the job. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import { byteRoutes } from '../../electron/contract/bytes.ts';
import type { Client } from '../../electron/contract/client.ts';
import type { EmbedResult } from '../../electron/contract/embedding.ts';
import type { SampleResult, SuggestResult } from '../../electron/contract/guidance.ts';
import type { Int8Report } from '../../electron/contract/int8Report.ts';
import { type Input, type MethodName, methods } from '../../electron/contract/methods.ts';
import type {
  AssessResult,
  LearnCurveResult,
  MapResult,
  PretrainResult,
  Run,
  TrainResult,
} from '../../electron/contract/run.ts';
import { gdal, hasGdal } from '../support/gdal.ts';
import { square } from '../support/labels.ts';
import { failure, type TestApp, testApp } from '../support/testApp.ts';
import { writeRaster } from '../support/writeRaster.ts';

const names = Object.keys(methods) as MethodName[];

/** 96 × 64 pixels, 3 bands: stripes of two crops, told apart by their bands, with noise. */
function field(col: number): 1 | 2 {
  return Math.floor(col / 16) % 2 === 0 ? 1 : 2;
}
async function scene(folder: string): Promise<string> {
  const prng = prngFrom(7);
  return writeRaster(join(folder, 'crops.tif'), { width: 96, height: 64, bands: 3 }, (col, _row, band) => {
    const level = field(col) === 1 ? [0.2, 0.5, 0.9][band - 1] : [0.7, 0.4, 0.3][band - 1];
    return (level ?? 0) + 0.05 * prng.normal();
  });
}

/** The client, and the names of what was called through it. */
function noting(client: Client): { client: Client; called: Set<MethodName> } {
  const called = new Set<MethodName>();
  return {
    called,
    client: {
      ...client,
      call: (method, params) => {
        called.add(method);
        return client.call(method, params);
      },
    },
  };
}

async function done<T>(test: TestApp, started: Promise<Run>): Promise<T> {
  const run = await test.ended(await started);
  expect(run.error).toBeNull();
  expect(run.state).toBe('done');
  return run.result as T;
}

describe('the contract', () => {
  it('is served whole: from an empty folder to the accuracy of a map', { timeout: 180_000 }, async () => {
    const test = testApp();
    const { client, called } = noting(test.client);
    const path = join(test.folder, 'Farm.swath');

    expect((await client.call('app.info', {})).capabilities.host).toBe('test');
    await client.call('app.folder', { path: test.folder });
    expect((await client.call('app.diagnostics', {})).text).toContain('version');
    const devices = await client.call('devices.list', {});
    expect(devices.find((device) => device.id === 'cpu')?.available).toBe(true);

    expect((await client.call('settings.get', {})).values.language).toBe('system');
    await client.call('settings.change', { language: 'de' });
    expect((await client.call('settings.get', {})).values.language).toBe('de');

    expect(await client.call('project.current', {})).toBeNull();
    await client.call('project.sample', {});
    await client.call('project.close', {});
    await client.call('project.create', { path });
    await client.call('project.open', { path });
    expect((await client.call('project.recent', {}))[0]?.path).toBe(path);

    const file = await scene(test.folder);
    const added = await client.call('scenes.add', { files: [file] });
    expect((await test.ended(added.run)).state).toBe('done');
    expect(await client.call('scenes.list', {})).toHaveLength(1);
    await client.call('scenes.info', { scene: 'crops' });
    await client.call('scenes.identify', { scene: 'crops', x: 3.5, y: -3.5 });
    await client.call('scenes.relink', { scene: 'crops', files: [file] });
    expect(await client.call('project.projection', {})).toEqual({ definition: null });
    // The stripe around the pixel, and not the next one.
    const stripe = await client.call('scenes.wand', { scene: 'crops', x: 24.5, y: -30.5, tolerance: 0.5 });
    expect(Math.abs(stripe.pixels - 16 * 64)).toBeLessThan(150);
    expect(await client.call('scenes.search', { folder: test.folder })).toEqual({
      relinked: [],
      missing: [],
    });

    const [region] = await client.call('regions.add', { bbox: [0, -64, 96, 0], name: 'All' });
    const [other] = await client.call('regions.add', { geometry: square(2, -20) });
    expect((await client.call('regions.list', {})).map((r) => r.name)).toEqual(['All', 'Region 2']);
    const outline = square(4, -24);
    const changed = await client.call('regions.change', {
      region: other?.id ?? '',
      name: 'South',
      geometry: outline,
    });
    expect(changed).toMatchObject({ id: other?.id, name: 'South', geometry: outline });
    await client.call('history.undo', {});
    expect((await client.call('regions.list', {}))[1]).toEqual(other);
    await expect(client.call('regions.change', { region: 'none', name: 'x' })).rejects.toMatchObject({
      code: 'not-found',
    });
    await client.call('regions.remove', { regions: [other?.id ?? ''] });

    await client.call('classes.save', {
      classes: [
        { code: 1, name: 'Wheat', color: '#ddcc77', key: '1' },
        { code: 2, name: 'Maize', color: '#117733', key: '2' },
        { code: 3, name: 'Spare', color: '#aabbcc', key: null },
      ],
    });
    await client.call('classes.remove', { code: 3 });
    expect((await client.call('classes.list', {})).map((c) => c.name)).toEqual(['Wheat', 'Maize']);

    // Six fields of each class, each inside one stripe; a seventh is drawn wrong, put right, and undone.
    const fields = await client.call('fields.add', {
      fields: Array.from({ length: 12 }, (_, i) => {
        const stripe = i % 6;
        const geometry = square(stripe * 16 + 3, i < 6 ? -20 : -50);
        return { geometry, classCode: field(stripe * 16) };
      }),
    });
    expect(fields).toHaveLength(12);
    const [wrong] = await client.call('fields.add', {
      fields: [{ geometry: square(5, -35), classCode: null }],
    });
    await client.call('fields.change', { fields: [wrong?.id ?? ''], change: { classCode: 1 } });
    expect(await client.call('history.state', {})).toEqual({ undo: 'Label 1 field', redo: null });
    await client.call('history.undo', {});
    await client.call('history.redo', {});
    await client.call('fields.remove', { fields: [wrong?.id ?? ''] });
    expect(await client.call('fields.list', {})).toHaveLength(12);

    const spectra = await client.call('scenes.spectra', { scene: 'crops' });
    expect(spectra.map(({ code, mean }) => [code, Math.round(10 * (mean[0] ?? 0))])).toEqual([
      [1, 2],
      [2, 7],
    ]);
    const dot = { classCode: 1, role: 'train', radius: 4 } as const;
    const painted = await client.call('fields.brush', { ...dot, line: [[40, -40]] });
    const id = painted.fields[0]?.id ?? '';
    await client.call('fields.split', {
      fields: [id],
      line: [
        [30, -40],
        [50, -40],
      ],
    });
    const halves = (await client.call('fields.list', {})).slice(12).map((half) => half.id);
    expect(halves).toHaveLength(2);
    await client.call('fields.merge', { fields: halves });
    const erased = await client.call('fields.erase', { fields: [id], line: [[40, -40]], radius: 6 });
    expect(erased).toEqual({ fields: [], removed: [id] });
    expect(await client.call('fields.list', {})).toHaveLength(12);

    const truth = await writeRaster(
      join(test.folder, 'truth.tif'),
      { width: 96, height: 64, dtype: 'uint8', content: 'classes' },
      (col) => field(col),
    );
    expect(await client.call('labels.preview', { file: truth })).toMatchObject({ kind: 'raster', count: 6 });
    expect(
      await client.call('labels.import', { file: truth, classField: 'value', role: 'accuracy' }),
    ).toMatchObject({
      count: 6,
      classes: [
        { code: 1, name: 'Wheat', count: 3 },
        { code: 2, name: 'Maize', count: 3 },
      ],
    });

    const short = { tilesPerEpoch: 64, width: 8, dimension: 8 };
    const look = { method: 'vicreg' as const, tile: 12, batch: 16, set: short, bands: [1, 3] };
    const views = await client.call('runs.preview', look);
    expect(views).toMatchObject({ scene: 'crops', side: 12, views: 8, bands: [1, 3] });
    const squares = new Float32Array(await (await test.bytes(byteRoutes.preview(views.id))).arrayBuffer());
    expect(squares.length).toBe(9 * 12 * 12 * 3);
    // The first square is the tile itself, in the numbers of the file; the others differ from it and from each other.
    const corner = await client.call('scenes.identify', {
      ...{ scene: 'crops', x: views.col + 0.5, y: -views.row - 0.5 },
    });
    expect(squares[0]).toBeCloseTo(corner.values[0] ?? Number.NaN, 4);
    expect(squares[1]).toBeCloseTo(corner.values[2] ?? Number.NaN, 4);
    const length = 12 * 12 * 3;
    const each = Array.from({ length: 9 }, (_, v) => squares.subarray(v * length, (v + 1) * length).join());
    expect(new Set(each).size).toBe(9);
    expect((await test.bytes(byteRoutes.preview('preview-none'))).status).toBe(404);
    const twelfth = await failure(client.call('runs.preview', { ...look, bands: [12] }));
    expect(twelfth).toMatchObject({ code: 'usage', subject: 'bands' });

    const encoder = await done<PretrainResult>(
      test,
      client.call('runs.pretrain', {
        method: 'vicreg',
        epochs: 2,
        batch: 16,
        tile: 12,
        regions: [region?.id ?? ''],
        set: short,
      }),
    );
    expect(encoder).toMatchObject({ method: 'vicreg', encoder: 'dense', epochs: 2, seed: 0 });
    const asked = { method: 'vicreg' as const, epochs: 2, batch: 16, tile: 12, set: short };
    const again = await client.call('runs.estimate', asked);
    expect(again).toMatchObject({
      batch: 16,
      steps: 8,
      tile: 12,
      memory: { fits: true },
      disk: { fits: true },
    });
    // The run before timed it.
    expect(again.time.seconds).toBeGreaterThan(0);
    const parts = Object.values(again.memory.parts);
    expect(parts.reduce((a, b) => a + b, 0)).toBeCloseTo(again.memory.bytes, -2);
    const run = await client.call('runs.get', { run: encoder.run });
    expect(run.device).toBe(encoder.device);
    const rows = await client.call('runs.metrics', { run: encoder.run });
    expect(rows.length).toBeGreaterThan(0);
    const last = rows.at(-1);
    expect(await client.call('runs.metrics', { run: encoder.run, after: (last?.step ?? 0) - 1 })).toEqual([
      last,
    ]);
    const relayed = test.events.filter((event) => event.type === 'metrics').flatMap((event) => event.rows);
    expect(relayed).toEqual(rows);
    expect((await client.call('runs.note', { run: encoder.run, note: 'first try' })).note).toBe('first try');
    const long = await client.call('runs.pretrain', {
      method: 'simsiam',
      epochs: 1000,
      batch: 16,
      tile: 12,
      set: short,
    });
    await client.call('runs.cancel', { run: long.id });
    expect((await test.ended(long)).state).toBe('cancelled');

    const seen = await done<EmbedResult>(
      test,
      client.call('embeddings.create', { encoder: encoder.run, clusters: 2 }),
    );
    expect(seen.axes).toBe(8);
    expect(seen.clusters.reduce((sum, c) => sum + c.pixels, 0)).toBe(96 * 64);
    const view = async (path: string) => new Uint8Array(await (await test.bytes(path)).arrayBuffer());
    const groups = await view(byteRoutes.clusterTile(seen.run, 0, 0, 0));
    expect([groups.length, groups[32 * 256 + 100]]).toEqual([256 * 256, 0]);
    expect([1, 2]).toContain(groups[32 * 256 + 8]);
    const colours = await view(byteRoutes.embeddingTile(seen.run, 0, 0, 0));
    expect([colours.length, colours[4 * (32 * 256 + 8) + 3], colours[4 * (32 * 256 + 100) + 3]]).toEqual([
      4 * 256 * 256,
      255,
      0,
    ]);
    const alike = await view(byteRoutes.similarityTile(seen.run, 0, 0, 0, { col: 8, row: 32 }));
    expect(alike[32 * 256 + 8]).toBe(101);
    expect(alike[32 * 256 + 40]).toBeGreaterThan(alike[32 * 256 + 24] ?? 0);
    const at = { col: 8, row: 32 };
    const cluster = groups[32 * 256 + 8] ?? 0;
    const code = (await client.call('classes.list', {}))[0]?.code ?? 1;
    const wish = { run: seen.run, classCode: code };
    const [patch] = await client.call('embeddings.label', { ...wish, at });
    expect(patch?.classCode).toBe(code);
    // The pixel that was pointed at lies in its patch: y counts downwards from 0 in a scene without coordinates.
    const ring = patch?.geometry.type === 'Polygon' ? (patch.geometry.coordinates[0] ?? []) : [];
    const [xs, ys] = [ring.map(([x = 0]) => x), ring.map(([, y = 0]) => -y)];
    expect(Math.min(...xs) <= 8 && Math.max(...xs) >= 9).toBe(true);
    expect(Math.min(...ys) <= 32 && Math.max(...ys) >= 33).toBe(true);
    const patches = await client.call('embeddings.label', { ...wish, cluster, least: 4, most: 3 });
    expect(patches.length).toBeGreaterThan(0);
    expect(patches.length).toBeLessThanOrEqual(3);
    await client.call('history.undo', {});
    await client.call('history.undo', {});
    expect((await test.bytes(byteRoutes.similarityTile(seen.run, 0, 0, 0, { col: 96, row: 0 }))).status).toBe(
      400,
    );

    expect(await client.call('livePreview.fit', { scene: 'crops', encoder: 'none' })).toEqual({
      state: 'no-features',
    });
    const live = await client.call('livePreview.fit', { scene: 'crops' });
    expect(live).toMatchObject({ state: 'ready', encoder: encoder.run, learnt: true });
    const revision = live.state === 'ready' ? live.revision : '';
    const shown = await view(byteRoutes.liveTile(revision, 'class', 0, 0, 0));
    const place = (col: number) => 32 * 256 + col;
    // Inside the stripes; and nothing beyond the scene.
    const inStripes = [8, 24, 40, 56, 72, 88];
    expect(inStripes.map((col) => shown[place(col)])).toEqual(inStripes.map(field));
    expect(shown[place(100)]).toBe(0);
    const certain = await view(byteRoutes.liveTile(revision, 'confidence', 0, 0, 0));
    expect(certain[place(8)]).toBeGreaterThan(50);
    // The same labels, the same preview; with others the tiles of before are refused.
    expect(await client.call('livePreview.fit', { scene: 'crops', encoder: encoder.run })).toMatchObject({
      revision,
    });
    await client.call('fields.add', { fields: [{ geometry: square(20, -35), classCode: 2 }] });
    const newer = await client.call('livePreview.fit', { scene: 'crops' });
    expect(newer.state === 'ready' && newer.revision !== revision).toBe(true);
    await client.call('history.undo', {});
    expect((await test.bytes(byteRoutes.liveTile(revision, 'class', 0, 0, 0))).status).toBe(404);

    const trained = await done<TrainResult>(
      test,
      client.call('models.train', { encoder: encoder.run, perClass: 20 }),
    );
    expect(trained.transferEstimate?.oa).toBeGreaterThan(0.9);
    expect(await client.call('models.list', {})).toHaveLength(1);

    const map = await done<MapResult>(
      test,
      client.call('maps.create', {
        model: trained.model,
        layers: ['entropy', 'unlike'],
        sieve: 8,
        fields: true,
      }),
    );
    // Those that were drawn, and those that were imported.
    expect(map.fields).toHaveLength(18);
    expect(map.layers?.map(({ kind }) => kind)).toEqual(['entropy', 'unlike', 'sieved']);
    const majority = map.fieldsFile ?? '';
    if (hasGdal) expect(gdal('ogrinfo', '-so', majority, 'fields')).toContain('purity: Real');
    expect(map.out).toBe(join(path, 'maps', `${map.map}.tif`));
    const isStale = async () => (await client.call('maps.list', {})).map(({ id, stale }) => [id, stale]);
    expect(await isStale()).toEqual([[map.map, false]]);
    // Labels that the model never saw, then those that it had again.
    await client.call('fields.change', { fields: [fields[0]?.id ?? ''], change: { classCode: 2 } });
    expect(await isStale()).toEqual([[map.map, true]]);
    expect(test.events.findLast((event) => event.type === 'changed')).toMatchObject({
      tables: expect.arrayContaining(['fields', 'maps']),
    });
    await client.call('history.undo', {});
    expect(await isStale()).toEqual([[map.map, false]]);
    if (hasGdal) {
      const said = gdal('gdalinfo', map.out);
      expect(said).toContain('Size is 96, 64');
      expect(said).toContain('Color Table');
      expect(said).toContain('1: 221,204,119,255');
    }
    const tile = await test.bytes(byteRoutes.mapTile(map.map, 'class', 0, 0, 0));
    const codes = new Uint8Array(await tile.arrayBuffer());
    // The middle of the first stripe, and a pixel beyond the raster.
    expect([codes[20 * 256 + 8], codes[20 * 256 + 100]]).toEqual([1, 0]);
    const sure = new Uint8Array(
      await (await test.bytes(byteRoutes.mapTile(map.map, 'confidence', 0, 0, 0))).arrayBuffer(),
    );
    expect(sure[20 * 256 + 8]).toBeGreaterThan(50);
    const entropy = await test.bytes(byteRoutes.mapTile(map.map, 'entropy', 0, 0, 0));
    expect(new Uint8Array(await entropy.arrayBuffer())[20 * 256 + 8]).toBeGreaterThan(0);
    expect((await test.bytes(byteRoutes.mapTile(map.map, 'runner-up', 0, 0, 0))).status).toBe(404);
    const sent = new Uint8Array(await (await test.bytes(byteRoutes.mapFile(map.map))).arrayBuffer());
    expect(Buffer.compare(sent, readFileSync(map.out))).toBe(0);

    const assessed = await done<AssessResult>(
      test,
      client.call('assessments.create', { map: map.map, reference: { from: 'file', file: truth } }),
    );
    // Features are means over 11 pixels and stripes are 16 wide: the borders mix. Guessing gives one half.
    expect(assessed.oa).toBeGreaterThan(0.8);
    expect(assessed.pixels).toBe(96 * 64);
    const byRole = await done<AssessResult>(
      test,
      client.call('assessments.create', { map: map.out, reference: { from: 'role', role: 'accuracy' } }),
    );
    // The same reference as polygons: the same pixels.
    expect(byRole.confusion).toEqual(assessed.confusion);
    // A sample of the map, looked at point by point, is the only way to its accuracy.
    const wanted = { map: map.map, standardError: 0.05, least: 10 };
    const design = await client.call('samples.design', wanted);
    const drawn = await done<SampleResult>(test, client.call('samples.draw', wanted));
    expect(drawn.design).toEqual(design);
    const points = await client.call('samples.list', {});
    expect(points).toHaveLength(design.total);
    for (const code of [1, 2]) {
      const own = points.filter((point) => field(Math.floor(point.x)) === code);
      await client.call('samples.label', { samples: own.map((point) => point.id), classCode: code });
    }
    const sampled = await done<AssessResult>(
      test,
      client.call('assessments.create', { map: map.map, reference: { from: 'sample' } }),
    );
    expect(sampled).toMatchObject({ kind: 'map accuracy', pixels: design.total });
    expect(Math.abs(sampled.oa - assessed.oa)).toBeLessThan(0.15);
    expect(sampled.classes.every((c) => c.areaCi !== null)).toBe(true);

    const advice = await done<SuggestResult>(
      test,
      client.call('suggestions.create', { model: trained.model, count: 3, distance: 10 }),
    );
    expect(advice.suggestions.every(({ x, y }) => x > 0 && x < 96 && y < 0 && y > -64)).toBe(true);
    expect(await client.call('assessments.list', {})).toHaveLength(3);
    const report = await test.bytes(byteRoutes.report(assessed.assessment));
    expect(report.headers.get('content-type')).toContain('text/html');
    expect(await report.text()).toContain('Wheat');

    const curve = await done<LearnCurveResult>(
      test,
      client.call('learnCurve.create', {
        reference: { file: truth },
        encoders: [encoder.run, 'none'],
        shots: [4],
        seeds: 2,
      }),
    );
    expect(curve.results.map((row) => `${row.features} ${row.head}`)).toEqual([
      `${encoder.run} linear`,
      ...['raw', 'statistics'].flatMap((f) => ['linear', 'random-forest', 'svm'].map((h) => `${f} ${h}`)),
    ]);
    // The bands tell the crops apart by more than their noise; guessing gives one half.
    for (const row of curve.results) if (row.features === 'raw') expect(row.oa.mean).toBeGreaterThan(0.85);

    const to = (name: string) => join(test.folder, name);
    const exported = async (params: Input<'exports.create'>) => {
      const { files, run } = await client.call('exports.create', params);
      if (run !== null) expect((await test.ended(run)).error).toBeNull();
      for (const file of files) expect(existsSync(file), file).toBe(true);
      return files;
    };
    const tif = { what: 'map', map: map.map, out: to('out.tif') } as const;
    expect(await exported(tif)).toHaveLength(4);
    expect(readFileSync(to('out.tif'))).toEqual(readFileSync(map.out));
    expect(await failure(client.call('exports.create', tif))).toMatchObject({ code: 'exists' });
    await exported({ ...tif, overwrite: true });
    await exported({ what: 'map', map: map.map, out: to('map.gpkg') });
    await exported({ what: 'labels', out: to('labels.gpkg') });
    await exported({ what: 'labels', out: to('labels.geojson') });
    await exported({ what: 'report', out: to('report.html') });
    expect(readFileSync(to('report.html'), 'utf8')).toContain('Wheat');
    await exported({ what: 'encoder', run: encoder.run, out: to('encoder.safetensors') });
    await exported({ what: 'model', model: trained.model, out: to('model.onnx') });
    const int8 = { what: 'model', model: trained.model, out: to('int8.onnx'), int8: true } as const;
    await exported(int8);
    const told = (await client.call('runs.list', {})).find(({ kind }) => kind === 'export')?.result?.int8;
    // Two crops that their bands tell apart stay apart in 8 bits; fields of all twelve are on the one tile.
    expect(told).toMatchObject({ measure: 'same class', pixels: 96 * 64 });
    const { agreement, labelled } = told as Int8Report;
    expect(agreement).toBeGreaterThan(0.98);
    expect(Math.abs((labelled?.int8 ?? 0) - (labelled?.float32 ?? 1))).toBeLessThan(0.02);
    await exported({ what: 'encoder', run: encoder.run, out: to('encoder.onnx'), int8: true });
    const card = JSON.parse(readFileSync(to('model.json'), 'utf8'));
    expect(card.properties['mlm:output'][0]['classification:classes'][2]).toMatchObject({ name: 'Maize' });
    if (hasGdal) {
      const areas = gdal('ogrinfo', '-al', '-geom=NO', to('map.gpkg'));
      // Pixels of all areas are those of the map.
      const pixels = [...areas.matchAll(/pixels \(Integer64?\) = (\d+)/g)].reduce(
        (n, m) => n + Number(m[1]),
        0,
      );
      expect(pixels).toBe(96 * 64);
      expect(areas).toContain('class_name (String) = Wheat');
      expect(gdal('ogrinfo', to('labels.gpkg'))).toMatch(/fields.*\n.*regions/);
      expect(gdal('ogrinfo', '-al', '-so', to('labels.geojson'))).toContain('Feature Count: 18');
    }

    // All of it is on the disk: another opening finds it.
    await client.call('project.close', {});
    await client.call('project.open', { path });
    const states = (await client.call('runs.list', {})).map((r) => `${r.kind} ${r.state}`);
    expect(states.filter((state) => state === 'pretrain done')).toHaveLength(1);
    expect(states).toContain('pretrain cancelled');
    expect(states.some((state) => state.includes('running'))).toBe(false);
    await client.call('maps.remove', { map: map.map });
    expect(existsSync(map.out)).toBe(false);
    expect(existsSync(majority)).toBe(false);
    // No layer, no sidecar of any of them.
    expect(readdirSync(join(path, 'maps')).filter((file) => file.startsWith(map.map))).toEqual([]);
    expect(await client.call('assessments.list', {})).toEqual([]);
    await client.call('scenes.remove', { scene: 'crops' });
    expect(existsSync(file)).toBe(true);

    // The encoder goes on in another project.
    const known = await failure(client.call('encoders.add', { file: to('encoder.safetensors') }));
    expect(known).toMatchObject({ code: 'exists' });
    await client.call('project.create', { path: join(test.folder, 'Other.swath') });
    await client.call('scenes.add', { files: [file] });
    const taken = await client.call('encoders.add', { file: to('encoder.safetensors') });
    expect(taken).toMatchObject({ kind: 'pretrain', state: 'done', method: 'vicreg' });
    expect(taken.result?.metrics).toEqual(encoder.metrics);
    await client.call('classes.save', {
      classes: [1, 2].map((code) => ({ code, name: `Crop ${code}`, color: '#112233', key: null })),
    });
    await client.call('fields.add', {
      fields: [0, 1, 2, 3].map((stripe) => ({
        geometry: square(stripe * 16 + 3, -20),
        classCode: field(stripe * 16),
      })),
    });
    const elsewhere = client.call('models.train', { encoder: taken.id, scene: 'crops' });
    expect((await done<TrainResult>(test, elsewhere)).encoder).toBe(taken.id);

    expect([...called].sort()).toEqual([...names].sort());
  });

  it.each(names)('refuses parameters that are not those of %s', async (method) => {
    const test = testApp();
    const error = await failure(test.app.call(method, { nonsense: 1 }));
    expect(error.code).toBe('usage');
    expect(error.message).toContain(method);
  });

  it('refuses a method that does not exist, and bytes at no door', async () => {
    const test = testApp();
    expect(await failure(test.app.call('scenes.paint', {}))).toMatchObject({
      code: 'usage',
      subject: 'scenes.paint',
    });
    expect((await test.bytes('/bytes/elsewhere/1')).status).toBe(404);
  });

  it('counts its events up by one', async () => {
    const test = testApp();
    await test.client.call('project.create', { path: join(test.folder, 'P.swath') });
    await test.client.call('classes.save', {
      classes: [{ code: 1, name: 'A', color: '#123456', key: null }],
    });
    await test.client.call('project.close', {});
    expect(test.events.map((event) => event.seq)).toEqual(test.events.map((_, i) => i + 1));
    expect(test.events).toContainEqual(
      expect.objectContaining({ type: 'changed', tables: ['classes', 'history'] }),
    );
  });
});
