import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crsFromEpsg } from '../../electron/raster/crs.ts';
import { bandFilesOf } from '../../electron/services/bandFolder.ts';
import { testApp } from '../support/testApp.ts';
import { tmpFolder } from '../support/tmpProject.ts';
import { writeRaster } from '../support/writeRaster.ts';

/** One band of 40 × 40 pixels of 10 m, or fewer larger ones, holding the number of the band. */
async function band(folder: string, name: string, value: number, metres = 10): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const side = 400 / metres;
  const place = { crs: crsFromEpsg(32633), geotransform: [500000, metres, 0, 5000000, 0, -metres] as const };
  const size = { width: side, height: side, dtype: 'uint16' as const };
  await writeRaster(join(folder, `${name}.tif`), { ...size, ...place }, (col) => value * 100 + col);
}

describe('a folder of band files', () => {
  it('is a Sentinel-2 scene: bands in order, 10 and 20 m on one grid, date and sensor from the names', async () => {
    const { client, folder, ended } = testApp();
    const data = join(folder, 'S2.SAFE', 'GRANULE', 'IMG_DATA');
    const tile = 'T33UXP_20200412T100021';
    for (const [i, name] of ['B02', 'B03', 'B04', 'B08'].entries())
      await band(join(data, 'R10m'), `${tile}_${name}_10m`, i + 1);
    for (const [i, name] of ['B02', 'B05', 'B06', 'B07', 'B8A', 'B11', 'B12'].entries())
      await band(join(data, 'R20m'), `${tile}_${name}_20m`, 10 + i, 20);
    await band(join(data, 'R20m'), `${tile}_TCI_20m`, 1, 20);
    const scl = { width: 20, height: 20, dtype: 'uint8' as const, crs: crsFromEpsg(32633) };
    await writeRaster(
      join(data, `${tile}_SCL_20m.tif`),
      { ...scl, geotransform: [500000, 20, 0, 5000000, 0, -20] },
      (col) => (col < 5 ? 9 : 4),
    );
    await client.call('project.create', { path: join(folder, 'a.swath') });
    const { scene, run } = await client.call('scenes.add', { files: [join(folder, 'S2.SAFE')] });
    expect(await ended(run)).toMatchObject({ state: 'done' });
    expect(scene).toMatchObject({ name: tile, date: '2020-04-12', sensor: 'sentinel-2-10', width: 40 });
    expect(scene.bands.map(({ name }) => name).join(' ')).toBe('B02 B03 B04 B05 B06 B07 B08 B8A B11 B12');
    expect(scene.files.filter(({ mask }) => mask === 'scl')).toHaveLength(1);
    expect(scene.files.some(({ path }) => path.includes('B02_20m') || path.includes('TCI'))).toBe(false);
    const values = (await client.call('scenes.identify', { scene: scene.id, x: 500205, y: 4999995 })).values;
    // Column 20 of 10 m, which is column 10 of 20 m; stored numbers.
    expect(values).toEqual([120, 220, 320, 1110, 1210, 1310, 420, 1410, 1510, 1610]);
    const clouded = await client.call('scenes.identify', { scene: scene.id, x: 500005, y: 4999995 });
    expect(clouded.values.every((value) => value === null)).toBe(true);
  }, 30_000);

  it('is a Landsat scene without its thermal and panchromatic bands', async () => {
    const { client, folder: home } = testApp();
    const folder = join(home, 'product');
    const product = 'LC08_L2SP_192027_20200412_20200822_02_T1';
    for (const name of ['SR_B1', 'SR_B2', 'SR_B3', 'SR_B4', 'SR_B5', 'SR_B6', 'SR_B7', 'ST_B10', 'QA_PIXEL'])
      await band(folder, `${product}_${name}`, 1);
    writeFileSync(join(folder, `${product}_MTL.txt`), 'GROUP = L1');
    const files = bandFilesOf(folder).map((file) => basename(file, '.tif').slice(product.length + 1));
    expect(files).toEqual(['SR_B1', 'SR_B2', 'SR_B3', 'SR_B4', 'SR_B5', 'SR_B6', 'SR_B7', 'QA_PIXEL']);
    await client.call('project.create', { path: join(home, 'b.swath') });
    const { scene } = await client.call('scenes.add', { files: [folder] });
    expect(scene).toMatchObject({ name: product, sensor: 'landsat-8', date: '2020-04-12' });
    expect(scene.bands.map(({ role }) => role).join(' ')).toBe('coastal blue green red nir swir1 swir2');
  });

  it('says what to do about JPEG 2000, several products, and none', async () => {
    const folder = tmpFolder();
    writeFileSync(join(folder, 'T33UXP_20200412T100021_B02_10m.jp2'), 'jp2');
    expect(() => bandFilesOf(folder)).toThrow(
      expect.objectContaining({ code: 'unsupported', remedy: expect.stringContaining('gdal_translate') }),
    );
    await band(folder, 'T33UXP_20200412T100021_B02', 1);
    await band(folder, 'T33UXP_20200512T100021_B02', 1);
    expect(() => bandFilesOf(folder)).toThrow(/2 products: T33UXP_20200412T100021, T33UXP_20200512T100021/);
    expect(() => bandFilesOf(tmpFolder())).toThrow(/no bands/);
  });
});
