import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSource } from '../../electron/feed/source.ts';
import { hasPython, runPython } from '../support/python.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-source-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string) => join(folder, `${name}.tif`);

/** Files by GDAL, and GDAL's own nearest-neighbour answer for the coarse one on the fine grid. */
const script = `
import sys, json
import numpy as np
from osgeo import gdal, osr
gdal.UseExceptions()
srs = osr.SpatialReference(); srs.ImportFromEPSG(32633)
def write(name, array, step, x=500000.0, dtype=gdal.GDT_Float32, nodata=None):
    bands, h, w = array.shape
    ds = gdal.GetDriverByName('GTiff').Create(f'{sys.argv[1]}/{name}.tif', w, h, bands, dtype, ['TILED=YES', 'BLOCKXSIZE=16', 'BLOCKYSIZE=16'])
    ds.SetGeoTransform((x, step, 0, 5000000.0, 0, -step)); ds.SetProjection(srs.ExportToWkt())
    for b in range(bands):
        band = ds.GetRasterBand(b + 1); band.WriteArray(array[b])
        if nodata is not None: band.SetNoDataValue(nodata)
    ds = None
rng = np.random.default_rng(1)
write('fine', rng.normal(size=(2, 30, 40)).astype('f4'), 10)
coarse = rng.integers(1, 9000, size=(1, 15, 20)).astype('u2'); coarse[0, 3, 4] = 0
write('coarse', coarse, 20, dtype=gdal.GDT_UInt16, nodata=0)
rng = np.random.default_rng(2)
whole = rng.integers(1, 9000, size=(2, 40, 50)).astype('i2'); whole[:, 10:14, 18:26] = -1
def part(name, cols, rows):
    a = whole[:, rows, cols]
    ds = gdal.GetDriverByName('GTiff').Create(f'{sys.argv[1]}/{name}.tif', a.shape[2], a.shape[1], 2, gdal.GDT_Int16, ['TILED=YES', 'BLOCKXSIZE=16', 'BLOCKYSIZE=16'])
    ds.SetGeoTransform((500000.0 + 10 * cols.start, 10, 0, 5000000.0 - 10 * rows.start, 0, -10)); ds.SetProjection(srs.ExportToWkt())
    for b in range(2):
        ds.GetRasterBand(b + 1).WriteArray(a[b]); ds.GetRasterBand(b + 1).SetNoDataValue(-1)
part('west', slice(0, 20), slice(0, 40)); part('northeast', slice(20, 50), slice(0, 25)); part('southeast', slice(24, 50), slice(22, 40))
gdal.BuildVRT(f'{sys.argv[1]}/mosaic.vrt', [f'{sys.argv[1]}/{n}.tif' for n in ('west', 'northeast', 'southeast')]).FlushCache()
write('elsewhere', np.ones((1, 30, 40), 'f4'), 10, x=500200.0)
up = gdal.Warp('', f'{sys.argv[1]}/coarse.tif', format='MEM', xRes=10, yRes=10, resampleAlg='near',
  outputBounds=(500000, 4999700, 500400, 5000000))
fine = gdal.Open(f'{sys.argv[1]}/fine.tif')
print(json.dumps([up.ReadAsArray()[5:12, 3:14].ravel().tolist(), fine.ReadAsArray()[1, 5:12, 3:14].ravel().tolist()]))
`;
let expected: [number[], number[]];
const hasGdal = hasPython('osgeo', 'numpy');
beforeAll(() => {
  if (hasGdal) expected = runPython(script, folder);
});
const source = (...files: string[]) => ({ scene: 's', files, sensor: null, date: null });
const window = { col: 3, row: 5, width: 11, height: 7 };

describe.skipIf(!hasGdal)('openSource', () => {
  test('stacks files on the finest grid, coarser ones as GDAL does by nearest neighbour', async () => {
    const reader = await openSource(source(file('coarse'), file('fine')));
    expect(reader.info).toMatchObject({ width: 40, height: 30 });
    expect(reader.info.bands.map((b) => [b.index, b.dtype])).toEqual([
      [1, 'uint16'],
      [2, 'float32'],
      [3, 'float32'],
    ]);
    const pixels = await reader.readWindow(window, [3, 1]);
    expect(Array.from(pixels.bands[1] ?? [])).toEqual(expected[0]);
    expect(Array.from(pixels.bands[0] ?? [])).toEqual(expected[1].map(Math.fround));
    // The nodata pixel of the coarse file covers four of the fine grid.
    expect(pixels.valid.filter((v) => v === 0).length).toBe(4);
    const only = await reader.readWindow(window, [2]);
    expect(only.valid.every((v) => v === 1)).toBe(true);
    await expect(reader.readWindow(window, [4])).rejects.toMatchObject({ code: 'bad-input' });
    const small = await reader.readResampled(
      { col: 0, row: 0, width: 40, height: 30 },
      4,
      3,
      [1, 2],
      'nearest',
    );
    expect(small.bands.map((b) => b.length)).toEqual([12, 12]);
    await reader.dispose();
  });

  test('joins adjacent and overlapping tiles to what GDAL makes of them', async () => {
    const tiles = ['southeast', 'west', 'northeast'].map(file);
    const reader = await openSource(source(...tiles));
    expect(reader.info).toMatchObject({
      width: 50,
      height: 40,
      geotransform: [500000, 10, 0, 5000000, 0, -10],
    });
    const vrt = join(folder, 'mosaic.vrt');
    const read = `import sys, json
from osgeo import gdal
print(json.dumps(gdal.Open(sys.argv[1]).ReadAsArray()[1, 5:38, 3:47].ravel().tolist()))`;
    const gdalPixels = runPython<number[]>(read, vrt);
    const seen = await reader.readWindow({ col: 3, row: 5, width: 44, height: 33 }, [2]);
    // A corner between the tiles belongs to none, and 4 × 8 pixels are nodata.
    expect(Array.from(seen.bands[0] ?? [], (value, i) => (seen.valid[i] ? value : -1))).toEqual(gdalPixels);
    expect(gdalPixels.filter((value) => value === -1).length).toBeGreaterThan(32);
    const picture = await reader.readResampled(
      { col: 0, row: 0, width: 50, height: 40 },
      25,
      20,
      [1],
      'nearest',
    );
    expect(picture.valid.filter((v) => v === 1).length).toBeGreaterThan(420);
    await expect(reader.readWindow(window, [3])).rejects.toMatchObject({ code: 'bad-input' });
    await reader.dispose();
  });

  test('one file is read as it is', async () => {
    const reader = await openSource(source(file('fine')));
    const { bands } = await reader.readWindow(window, [2]);
    expect(Array.from(bands[0] ?? [])).toEqual(expected[1].map(Math.fround));
    await reader.dispose();
  });

  test('files of other places are refused by name, and a missing one too', async () => {
    await expect(openSource(source(file('fine'), file('elsewhere')))).rejects.toMatchObject({
      code: 'mismatch',
      remedy: expect.stringContaining('scene of their own'),
    });
    await expect(openSource(source(file('fine'), file('none')))).rejects.toMatchObject({ code: 'not-found' });
  });
});
