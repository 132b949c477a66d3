import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { byteRoutes } from '../../electron/contract/bytes.ts';
import { crsFromEpsg } from '../../electron/raster/crs.ts';
import { failure, type TestApp, testApp } from '../support/testApp.ts';
import { writeRaster } from '../support/writeRaster.ts';

const ramp = (col: number, row: number, band: number) => band * 1000 + col + 100 * row;
const utm = { crs: crsFromEpsg(32633), geotransform: [400000, 10, 0, 5300000, 0, -10] } as const;

async function project(test: TestApp): Promise<string> {
  const path = join(test.folder, 'work', 'P.swath');
  await test.client.call('project.create', { path });
  return path;
}

async function add(test: TestApp, file: string) {
  const added = await test.client.call('scenes.add', { files: [file] });
  const run = await test.ended(added.run);
  return { ...added, run };
}

describe('scenes', () => {
  it('are added with their facts, statistics and relative paths', async () => {
    const test = testApp();
    await project(test);
    const file = await writeRaster(
      join(test.folder, 'work', 'a.tif'),
      { width: 40, height: 30, bands: 2, ...utm },
      ramp,
    );
    const { scene, run } = await add(test, file);
    expect(run.state).toBe('done');
    const [listed] = await test.client.call('scenes.list', {});
    expect(listed).toMatchObject({
      id: 'a',
      width: 40,
      height: 30,
      extent: [400000, 5299700, 400400, 5300000],
      resolution: [10, 10],
      crs: { epsg: 32633 },
    });
    expect(listed?.files).toMatchObject([{ path: '../a.tif', status: 'ok' }]);
    expect(listed?.crs?.wkt).toContain('UTM zone 33N');
    // Sum of an arithmetic series over columns and rows.
    expect(listed?.statistics?.bands[0]).toMatchObject({
      min: 1000,
      max: 1000 + 39 + 2900,
      mean: 1000 + 19.5 + 1450,
      valid: 1,
    });
    expect(await test.client.call('project.current', {})).toMatchObject({ crs: { epsg: 32633 } });
    const info = await test.client.call('scenes.info', { scene: scene.id });
    expect(info).toMatchObject({ scene: 'a', crs: 32633, exact: true, geotransform: [...utm.geotransform] });
    expect(info.bands[1]).toMatchObject({ index: 2, min: 2000, dtype: 'float32' });
  });

  it('of a known sensor are taken as reflectance, and as the user says where he does', async () => {
    const test = testApp();
    await project(test);
    const raster = { width: 40, height: 30, bands: 10, dtype: 'uint16' } as const;
    const numbers = (col: number, row: number, band: number) => 1200 + 100 * band + col + row;
    const file = await writeRaster(join(test.folder, 'a.tif'), raster, numbers);
    const facts = { sensor: 'sentinel-2-10', date: '2023-07-01' };
    const { scene } = await test.client.call('scenes.add', { files: [file], ...facts });
    // Whole numbers after January 2022, with nothing darker than the offset.
    expect(scene.bands[3]).toMatchObject({ scale: 1e-4, offset: -0.1 });
    const info = await test.client.call('scenes.info', { scene: scene.id });
    expect(info.bands[3]).toMatchObject({ scale: 1e-4, offset: -0.1 });
    const other = await writeRaster(join(test.folder, 'b.tif'), raster, (c, r, b) => numbers(c, r, b) + 1);
    const said = await test.client.call('scenes.add', { files: [other], ...facts, offset: 0 });
    expect(said.scene.bands[3]).toMatchObject({ scale: 1e-4, offset: 0 });
    await test.ended(said.run);
  });

  it('are refused twice, and when their coordinates are not those of the project', async () => {
    const test = testApp();
    await project(test);
    const file = await writeRaster(join(test.folder, 'a.tif'), { width: 40, height: 30, ...utm }, ramp);
    await add(test, file);
    expect((await failure(test.client.call('scenes.add', { files: [file] }))).code).toBe('exists');
    const copy = join(test.folder, 'copy.tif');
    copyFileSync(file, copy);
    expect((await failure(test.client.call('scenes.add', { files: [copy] }))).message).toContain(
      'as scene a',
    );
    const local = await writeRaster(join(test.folder, 'b.tif'), { width: 10, height: 10 }, ramp);
    const bare = await failure(test.client.call('scenes.add', { files: [local] }));
    expect(bare).toMatchObject({ code: 'mismatch' });
    expect(bare.message).toContain('no coordinates');
    expect(bare.remedy).toContain('gdal_translate');
    const other = { crs: crsFromEpsg(32634), geotransform: utm.geotransform };
    const zone = await writeRaster(join(test.folder, 'c.tif'), { width: 10, height: 10, ...other }, ramp);
    const foreign = await failure(test.client.call('scenes.add', { files: [zone] }));
    expect(foreign.message).toContain('EPSG:32634');
    expect(foreign.remedy).toContain('gdalwarp');
    expect(await test.client.call('scenes.list', {})).toHaveLength(1);
  });

  it('that cannot be read leave nothing behind', async () => {
    const test = testApp();
    await project(test);
    const text = join(test.folder, 'text.tif');
    writeFileSync(text, 'This is not a raster.');
    expect((await failure(test.client.call('scenes.add', { files: [text] }))).code).toBe('bad-input');
    const missing = join(test.folder, 'missing.tif');
    expect((await failure(test.client.call('scenes.add', { files: [missing] }))).code).toBe('not-found');
    // Noise does not compress: the file has many blocks, and losing the last of them shows only when pixels are read.
    const size = { width: 600, height: 600, ...utm };
    const cut = await writeRaster(
      join(test.folder, 'cut.tif'),
      size,
      (c, r) => Math.sin(c * 12.9898 + r * 78.233) * 43758.5453,
    );
    truncateSync(cut, Math.floor(readFileSync(cut).length * 0.6));
    const ended = await add(test, cut).then(
      ({ run }) => run.error?.code,
      (error: { code: string }) => error.code,
    );
    expect(ended).toBe('bad-input');
    expect(await test.client.call('scenes.list', {})).toEqual([]);
    // The project is as empty as before: a scene without coordinates may still be its first.
    expect((await test.client.call('project.current', {}))?.crs).toBeUndefined();
    const local = await writeRaster(join(test.folder, 'b.tif'), { width: 10, height: 10 }, ramp);
    expect((await add(test, local)).run.state).toBe('done');
    expect((await test.client.call('project.current', {}))?.crs).toBeNull();
  });

  it('tell that their file is missing or another, and are relinked', async () => {
    const test = testApp();
    await project(test);
    const file = await writeRaster(join(test.folder, 'a.tif'), { width: 40, height: 30 }, ramp);
    await add(test, file);
    const moved = join(test.folder, 'elsewhere.tif');
    renameSync(file, moved);
    const status = async () => (await test.client.call('scenes.list', {}))[0]?.files[0]?.status;
    expect(await status()).toBe('missing');
    const tile = await test.bytes(byteRoutes.sceneTile('a', 0, 0, 0, [1]));
    expect(tile.status).toBe(404);
    expect(((await tile.json()) as { error: { message: string } }).error.message).toContain(file);
    await writeRaster(file, { width: 40, height: 30 }, (c, r, b) => ramp(c, r, b) + 1);
    expect(await status()).toBe('changed');
    rmSync(file);
    const small = await writeRaster(join(test.folder, 'small.tif'), { width: 4, height: 3 }, ramp);
    expect((await failure(test.client.call('scenes.relink', { scene: 'a', files: [small] }))).code).toBe(
      'mismatch',
    );
    await test.client.call('scenes.relink', { scene: 'a', files: [moved] });
    expect(await status()).toBe('ok');
  });

  it('move with the project folder', async () => {
    const test = testApp();
    const path = await project(test);
    const file = await writeRaster(join(test.folder, 'work', 'a.tif'), { width: 40, height: 30 }, ramp);
    await add(test, file);
    await test.client.call('project.close', {});
    mkdirSync(join(test.folder, 'other'));
    renameSync(join(test.folder, 'work'), join(test.folder, 'other', 'work'));
    await test.client.call('project.open', { path: path.replace('/work/', '/other/work/') });
    expect((await test.client.call('scenes.list', {}))[0]?.files[0]?.status).toBe('ok');
  });

  it('are measured at the next opening when the app was killed before their statistics came', async () => {
    const test = testApp();
    const path = await project(test);
    const file = await writeRaster(join(test.folder, 'a.tif'), { width: 40, height: 30 }, ramp);
    const { run } = await test.client.call('scenes.add', { files: [file] });
    await test.client.call('project.close', {});
    await test.client.call('project.open', { path });
    expect((await test.client.call('runs.get', { run })).state).toBe('interrupted');
    const again = (await test.client.call('runs.list', {})).find((r) => r.id !== run);
    expect((await test.ended(again?.id ?? '')).state).toBe('done');
    expect((await test.client.call('scenes.list', {}))[0]?.statistics).not.toBeNull();
  });

  it('answer the values under a position', async () => {
    const test = testApp();
    await project(test);
    const size = { width: 40, height: 30, bands: 2, nodata: 1000 + 7 + 300, ...utm };
    await add(test, await writeRaster(join(test.folder, 'a.tif'), size, ramp));
    const at = (x: number, y: number) => test.client.call('scenes.identify', { scene: 'a', x, y });
    expect(await at(400055, 5299985)).toEqual({ scene: 'a', col: 5, row: 1, values: [1105, 2105] });
    // The first band is nodata here, the second is not.
    expect((await at(400075, 5299965)).values).toEqual([null, 2307]);
    expect((await failure(at(0, 0))).code).toBe('bad-input');
  });
});

describe('byte doors', () => {
  it('send tiles as floats with alpha, once per content', async () => {
    const test = testApp();
    await project(test);
    const size = { width: 40, height: 30, bands: 2 };
    await add(test, await writeRaster(join(test.folder, 'a.tif'), size, ramp));
    const path = byteRoutes.sceneTile('a', 0, 0, 0, [2, 1]);
    const answer = await test.bytes(path);
    expect(answer.status).toBe(200);
    const values = new Float32Array(await answer.arrayBuffer());
    expect(values).toHaveLength(256 * 256 * 3);
    expect([...values.slice(3, 6)]).toEqual([2001, 1001, 1]);
    // Column 40 is beyond the raster.
    expect([...values.slice(40 * 3, 40 * 3 + 3)]).toEqual([0, 0, 0]);
    const etag = answer.headers.get('etag') ?? '';
    expect((await test.bytes(path, { 'if-none-match': etag })).status).toBe(304);
    expect(
      (await test.bytes(byteRoutes.sceneTile('a', 0, 0, 0, [1]), { 'if-none-match': etag })).status,
    ).toBe(200);
  });

  it('refuse what is not there in words, and never look at the disk for it', async () => {
    const test = testApp();
    await project(test);
    await add(test, await writeRaster(join(test.folder, 'a.tif'), { width: 40, height: 30 }, ramp));
    const refused = async (path: string) => {
      const answer = await test.bytes(path);
      const body = (await answer.json()) as { error: { code: string } };
      return [answer.status, body.error.code];
    };
    expect(await refused('/bytes/scenes/a/0/0/0?bands=2')).toEqual([400, 'usage']);
    expect(await refused('/bytes/scenes/a/0/0/0?bands=')).toEqual([400, 'usage']);
    expect(await refused('/bytes/scenes/a/0/0/0?bands=1,1,1,1,1')).toEqual([400, 'usage']);
    expect(await refused('/bytes/scenes/b/0/0/0?bands=1')).toEqual([404, 'not-found']);
    expect(await refused('/bytes/scenes/a/5/0/0?bands=1')).toEqual([404, 'not-found']);
    expect(await refused('/bytes/scenes/..%2f..%2fa.tif/0/0/0?bands=1')).toEqual([404, 'not-found']);
    expect(await refused('/bytes/maps/..%2fproject.gpkg/file')).toEqual([404, 'not-found']);
    expect(await refused('/bytes/reports/x')).toEqual([404, 'not-found']);
    expect(await refused('/bytes/%E0%A4%A')).toEqual([400, 'usage']);
  });
});

describe('one date of a file, and clouds', () => {
  it('are two scenes of one file when its bands are told apart, and a pair for seasons', async () => {
    const test = testApp();
    await project(test);
    const options = { width: 40, height: 30, bands: 4, dtype: 'uint16', ...utm } as const;
    const file = await writeRaster(join(test.folder, 'two-dates.tif'), options, ramp);
    const spring = await test.client.call('scenes.add', { files: [file], bands: [1, 2], date: '2023-04-10' });
    const summer = await test.client.call('scenes.add', { files: [file], bands: [3, 4], date: '2023-07-10' });
    await test.ended(summer.run);
    expect([spring.scene.bands.length, summer.scene.bands.length]).toEqual([2, 2]);
    const pixel = { x: 400005, y: 5299995 };
    const at = async (scene: string) =>
      (await test.client.call('scenes.identify', { scene, ...pixel })).values;
    expect(await at(spring.scene.id)).toEqual([1000, 2000]);
    expect(await at(summer.scene.id)).toEqual([3000, 4000]);
    const again = await failure(test.client.call('scenes.add', { files: [file], bands: [2, 3] }));
    expect(again).toMatchObject({ code: 'exists' });
    const beyond = await failure(test.client.call('scenes.add', { files: [file], bands: [5] }));
    expect(beyond).toMatchObject({ code: 'bad-input', remedy: expect.stringContaining('from 1 to 4') });
  });

  it('are nodata where the scene classification on its coarser grid says so', async () => {
    const test = testApp();
    await project(test);
    const pixels = { width: 40, height: 30, bands: 2, dtype: 'uint16', ...utm } as const;
    const file = await writeRaster(join(test.folder, 'T33_B02.tif'), pixels, ramp);
    const coarse = { ...utm, geotransform: [400000, 20, 0, 5300000, 0, -20] } as const;
    // The left half is vegetation (4), the right one cloud (9), with one pixel of thin cirrus (10) on the left.
    const scl = await writeRaster(
      join(test.folder, 'T33_SCL_20m.tif'),
      { width: 20, height: 15, dtype: 'uint8', ...coarse },
      (col, row) => (col === 2 && row === 1 ? 10 : col < 10 ? 4 : 9),
    );
    const { scene, run } = await test.client.call('scenes.add', { files: [scl, file] });
    await test.ended(run);
    const [listed] = await test.client.call('scenes.list', {});
    expect(listed?.bands.length).toBe(2);
    expect(listed?.files.map((f) => f.mask)).toEqual([undefined, 'scl']);
    // 20 × 30 of 40 × 30 pixels, less the four under the cirrus.
    expect(listed?.statistics?.bands[0]?.valid).toBeCloseTo((20 * 30 - 4) / (40 * 30), 6);
    const values = async (col: number, row: number) => {
      const where = { x: 400005 + 10 * col, y: 5299995 - 10 * row };
      return (await test.client.call('scenes.identify', { scene: scene.id, ...where })).values;
    };
    expect(await values(19, 5)).toEqual([1519, 2519]);
    expect(await values(20, 5)).toEqual([null, null]);
    expect([await values(4, 2), await values(5, 3), await values(6, 3)]).toEqual([
      [null, null],
      [null, null],
      [1306, 2306],
    ]);
    // The pixels alone found anew: the mask stays.
    renameSync(file, join(test.folder, 'moved.tif'));
    await test.client.call('scenes.relink', { scene: scene.id, files: [join(test.folder, 'moved.tif')] });
    expect(await values(20, 5)).toEqual([null, null]);
    const unknown = await failure(
      test.client.call('scenes.add', { files: [join(test.folder, 'moved.tif')], mask: file }),
    );
    expect(unknown).toMatchObject({ code: 'usage', remedy: expect.stringContaining('clear') });
  });
});
