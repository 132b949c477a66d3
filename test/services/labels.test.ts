import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../electron/base/clock.ts';
import { crsFromEpsg, wktFor } from '../../electron/raster/crs.ts';
import { auxXmlFor } from '../../electron/raster/style.ts';
import { type ExportLayer, writeGeoPackage } from '../../electron/store/exportLayer.ts';
import { square } from '../support/labels.ts';
import { failure, type TestApp, testApp } from '../support/testApp.ts';
import { writeRaster } from '../support/writeRaster.ts';

const fergana = resolve(import.meta.dirname, '../../../shared/data/fergana');
const hasFergana = existsSync(fergana);
if (!hasFergana)
  console.log('skipped: ../shared/data/fergana is not here, so real field polygons cannot be imported');

async function withScene(test: TestApp, file: string): Promise<void> {
  await test.client.call('project.create', { path: join(test.folder, 'P.swath') });
  const { run } = await test.client.call('scenes.add', { files: [file] });
  expect((await test.ended(run)).state).toBe('done');
}

/** 30 × 20 pixels, 10 m, UTM 33N, upper left corner at (400000, 5300000). */
const grid = {
  width: 30,
  height: 20,
  crs: crsFromEpsg(32633),
  geotransform: [400000, 10, 0, 5300000, 0, -10],
} as const;
const utmScene = (folder: string) => writeRaster(join(folder, 'utm.tif'), grid, (col, row) => col + row);
const localScene = (folder: string) =>
  writeRaster(join(folder, 'local.tif'), { width: 30, height: 20 }, (col, row) => col + row);

function geojson(folder: string, features: readonly unknown[], crs: unknown): string {
  const file = join(folder, 'labels.geojson');
  writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', crs, features }));
  return file;
}
const feature = (x: number, y: number, properties: unknown, side = 30) => ({
  type: 'Feature',
  properties,
  geometry: square(x, y, side),
});
const utm = { type: 'name', properties: { name: 'EPSG:32633' } };

describe('labels.import', () => {
  it('refuses a scene that is not there, though the labels would find their place without it', async () => {
    const test = testApp();
    await withScene(test, await utmScene(test.folder));
    const file = geojson(test.folder, [feature(400010, 5299910, { crop: 'wheat' })], utm);
    const wrong = test.client.call('labels.import', { file, classField: 'crop', scene: 'nope' });
    expect(await failure(wrong)).toMatchObject({ code: 'not-found', subject: 'nope' });
  });

  it('numbers the names of crops, adds classes and fields in one step of undo', async () => {
    const test = testApp();
    await withScene(test, await utmScene(test.folder));
    const file = geojson(
      test.folder,
      [
        feature(400010, 5299910, { crop: 'wheat' }),
        feature(400060, 5299910, { crop: 'maize' }),
        feature(400110, 5299910, { crop: 'wheat' }),
        feature(400160, 5299910, { crop: null }),
        feature(900000, 5299910, { crop: 'maize' }),
      ],
      utm,
    );
    const imported = await test.client.call('labels.import', { file, classField: 'crop' });
    expect(imported).toMatchObject({
      layer: 'labels',
      count: 4,
      outside: 1,
      repaired: 0,
      classes: [
        { code: 1, name: 'maize', count: 2 },
        { code: 2, name: 'wheat', count: 2 },
      ],
      dropped: [{ reason: 'no class stated', count: 1 }],
    });
    const fields = await test.client.call('fields.list', {});
    expect(fields.map((field) => [field.classCode, field.source, field.scene])).toEqual([
      [2, 'labels.geojson', null],
      [1, 'labels.geojson', null],
      [2, 'labels.geojson', null],
      [1, 'labels.geojson', null],
    ]);
    await test.client.call('history.undo', {});
    expect(await test.client.call('fields.list', {})).toEqual([]);
    expect(await test.client.call('classes.list', {})).toEqual([]);
  });

  it('refuses a column that is not there, and names those that are', async () => {
    const test = testApp();
    await withScene(test, await utmScene(test.folder));
    const file = geojson(test.folder, [feature(400010, 5299910, { Crop: 'wheat', year: 2026 })], utm);
    const error = await failure(test.client.call('labels.import', { file, classField: 'crop' }));
    expect(error.code).toBe('bad-input');
    expect(error.message).toContain("no field 'crop'");
    expect(error.remedy).toContain("'Crop'");
    expect(error.remedy).toContain('year');
    expect(await test.client.call('fields.list', {})).toEqual([]);
  });

  it('brings WGS 84 to the CRS of the project', async () => {
    const test = testApp();
    await withScene(test, await utmScene(test.folder));
    // By gdaltransform, 13.6641 E, 47.8447 N is 400050 E, 5299900 N in UTM 33N.
    const file = geojson(test.folder, [feature(13.6641, 47.844, { c: 5 }, 0.0006)], undefined);
    const imported = await test.client.call('labels.import', { file, classField: 'c' });
    expect(imported).toMatchObject({ count: 1, outside: 0 });
    const [field] = await test.client.call('fields.list', {});
    const [x = 0, y = 0] =
      field?.geometry.type === 'Polygon' ? (field.geometry.coordinates[0]?.[0] ?? []) : [];
    expect(x).toBeGreaterThan(399_900);
    expect(x).toBeLessThan(400_300);
    expect(y).toBeGreaterThan(5_299_700);
    expect(y).toBeLessThan(5_300_000);
  });

  it('traces a raster of codes on the grid of a scene without coordinates', async () => {
    const test = testApp();
    await withScene(test, await localScene(test.folder));
    const file = await writeRaster(
      join(test.folder, 'codes.tif'),
      { width: 30, height: 20, dtype: 'uint8', content: 'classes' },
      (col, row) => (row < 5 && col < 10 ? 3 : row >= 10 && col >= 20 ? 7 : 0),
    );
    const imported = await test.client.call('labels.import', { file, classField: 'value' });
    expect(imported.classes).toEqual([
      { code: 3, name: 'Class 3', count: 1 },
      { code: 7, name: 'Class 7', count: 1 },
    ]);
    const fields = await test.client.call('fields.list', {});
    expect(fields[0]?.scene).toBe('local');
    const corners = fields[0]?.geometry.type === 'Polygon' ? fields[0].geometry.coordinates[0] : [];
    expect(new Set(corners?.map(String))).toEqual(new Set(['0,0', '10,0', '10,-5', '0,-5']));
    const wrong = await failure(test.client.call('labels.import', { file, classField: 'class' }));
    expect(wrong).toMatchObject({ code: 'bad-input', remedy: 'It has value.' });
  });

  it('traces a large raster of codes in a worker, to the same outlines', async () => {
    const test = testApp();
    const size = { width: 2000, height: 1100 };
    const place = { crs: crsFromEpsg(32633), geotransform: [400000, 10, 0, 5300000, 0, -10] as const };
    await withScene(
      test,
      await writeRaster(join(test.folder, 'utm.tif'), { ...size, ...place, dtype: 'uint8' }, () => 5),
    );
    const file = await writeRaster(
      join(test.folder, 'codes.tif'),
      { ...size, ...place, dtype: 'uint8', content: 'classes' },
      (col, row) => (row >= 100 && row < 300 && col >= 1500 ? 4 : 0),
    );
    const imported = await test.client.call('labels.import', { file, classField: 'value' });
    expect(imported.classes).toEqual([{ code: 4, name: 'Class 4', count: 1 }]);
    const [field] = await test.client.call('fields.list', {});
    const corners = field?.geometry.type === 'Polygon' ? field.geometry.coordinates[0] : [];
    expect(new Set(corners?.map(String))).toEqual(
      new Set(['415000,5299000', '420000,5299000', '420000,5297000', '415000,5297000']),
    );
  });

  it('takes the names of a raster’s codes from the categories beside it', async () => {
    const test = testApp();
    await withScene(test, await localScene(test.folder));
    const file = await writeRaster(
      join(test.folder, 'codes.tif'),
      { width: 30, height: 20, dtype: 'uint8', content: 'classes' },
      (col) => (col < 10 ? 1 : col > 20 ? 2 : 0),
    );
    const classes = [
      { code: 1, name: 'Winter <wheat>', color: '#aa0000' },
      { code: 2, name: 'Maize', color: '#00aa00' },
    ];
    writeFileSync(`${file}.aux.xml`, auxXmlFor(classes, 'crops'));
    const imported = await test.client.call('labels.import', { file, classField: 'value' });
    expect(imported.classes.map(({ code, name }) => [code, name])).toEqual([
      [1, 'Winter <wheat>'],
      [2, 'Maize'],
    ]);
  });

  it('reads the layer that is asked for, with the codes that are asked for', async () => {
    const test = testApp();
    await withScene(test, await utmScene(test.folder));
    const file = join(test.folder, 'two.gpkg');
    const layer = (name: string, crop: string, x: number): ExportLayer => ({
      name,
      description: name,
      geometryType: 'MULTIPOLYGON',
      attributes: [{ name: 'crop', type: 'text' }],
      features: [{ geometry: square(x, 5299910, 30), properties: { crop } }],
      style: null,
    });
    const crs = { epsg: 32633, name: null, wkt: wktFor(32633) };
    const layers = [layer('y2020', 'rye', 400010), layer('y2021', 'oats', 400060)];
    writeGeoPackage(file, layers, { crs, clock: systemClock });
    const preview = await test.client.call('labels.preview', { file, layer: 'y2021' });
    expect(preview.layers).toEqual(['y2020', 'y2021']);
    expect(preview.fields.find(({ name }) => name === 'crop')?.values).toEqual([{ value: 'oats', count: 1 }]);
    const imported = await test.client.call('labels.import', {
      ...{ file, layer: 'y2021', classField: 'crop' },
      mapping: { oats: 17 },
    });
    expect(imported.classes).toMatchObject([{ code: 17, name: 'oats', count: 1 }]);
    const none = await failure(test.client.call('labels.preview', { file, layer: 'y2022' }));
    expect(none).toMatchObject({ code: 'bad-input', remedy: 'It has y2020, y2021.' });
  });

  it('refuses a raster of another size, and says which sizes there are', async () => {
    const test = testApp();
    await withScene(test, await localScene(test.folder));
    const file = await writeRaster(
      join(test.folder, 'codes.tif'),
      { width: 31, height: 20, dtype: 'uint8', content: 'classes' },
      () => 1,
    );
    const error = await failure(test.client.call('labels.import', { file, classField: 'value' }));
    expect(error.code).toBe('mismatch');
    expect(error.message).toContain('31 × 20');
    expect(error.remedy).toContain('local (30 × 20)');
  });

  it('refuses map coordinates in a project without a CRS', async () => {
    const test = testApp();
    await withScene(test, await localScene(test.folder));
    const file = geojson(test.folder, [feature(400010, 5299910, { c: 1 })], utm);
    expect((await failure(test.client.call('labels.import', { file, classField: 'c' }))).code).toBe(
      'mismatch',
    );
  });

  it('repairs a bow tie and says so', async () => {
    const test = testApp();
    await withScene(test, await utmScene(test.folder));
    const bow = [
      [400010, 5299900],
      [400050, 5299940],
      [400050, 5299900],
      [400010, 5299940],
      [400010, 5299900],
    ];
    const file = geojson(
      test.folder,
      [{ type: 'Feature', properties: { c: 1 }, geometry: { type: 'Polygon', coordinates: [bow] } }],
      utm,
    );
    expect(await test.client.call('labels.import', { file, classField: 'c' })).toMatchObject({
      count: 1,
      repaired: 1,
    });
  });

  it.skipIf(!hasFergana)('gives the same fields from GeoPackage in UTM and GeoJSON in WGS 84', async () => {
    const test = testApp();
    await withScene(test, join(fergana, 'ndvi.tif'));
    const previewed = await test.client.call('labels.preview', {
      file: join(fergana, 'field_polygons_utm42n.gpkg'),
    });
    expect(previewed.count).toBe(35);
    const column = previewed.fields.find((f) => f.values.some((v) => v.value === 'wheat'))?.name ?? '';
    const results = [];
    for (const name of ['field_polygons_utm42n.gpkg', 'field_polygons_wgs84.geojson']) {
      const imported = await test.client.call('labels.import', {
        file: join(fergana, name),
        classField: column,
      });
      expect(imported.outside).toBe(0);
      results.push(imported.classes.map(({ name: crop, count }) => `${crop} ${count}`));
    }
    expect(results[0]).toEqual(['bare land 4', 'cotton 14', 'wheat 17']);
    expect(results[1]).toEqual(results[0]);
    const fields = await test.client.call('fields.list', {});
    const first = (i: number) => {
      const geometry = fields[i]?.geometry;
      const ring = geometry?.type === 'Polygon' ? geometry.coordinates[0] : geometry?.coordinates[0]?.[0];
      return Math.min(...(ring ?? []).map(([x = 0]) => x));
    };
    // The same field twice: positions agree to a metre.
    expect(Math.abs(first(0) - first(35))).toBeLessThan(1);
  });
});
