import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSource } from '../../electron/feed/source.ts';
import { warpTo } from '../../electron/feed/warp.ts';
import { crsFromEpsg } from '../../electron/raster/crs.ts';
import { openRaster } from '../../electron/raster/open.ts';
import { hasPython, runPython } from '../support/python.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-warp-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string) => join(folder, `${name}.tif`);
const source = (...files: string[]) => ({ scene: 's', files, sensor: null, date: null });

/**
 * Ground on the border of UTM zones 32 and 33, in three tiles: two in zone 33 side by side, one in zone 32 that overlaps
 * them, with a hole of nodata. GDAL's own warping to zone 33, without its approximation, is the answer.
 */
const script = `
import json, sys
import numpy as np
from osgeo import gdal, osr
gdal.UseExceptions()
folder = sys.argv[1]
def srs(code):
    s = osr.SpatialReference(); s.ImportFromEPSG(code); return s.ExportToWkt()
def write(name, code, x, y, w, h, seed):
    rng = np.random.default_rng(seed)
    d = gdal.GetDriverByName('GTiff').Create(f'{folder}/{name}.tif', w, h, 2, gdal.GDT_Int16, ['TILED=YES', 'BLOCKXSIZE=64', 'BLOCKYSIZE=64'])
    d.SetGeoTransform((x, 10, 0, y, 0, -10)); d.SetProjection(srs(code))
    a = rng.integers(1, 9000, size=(2, h, w)).astype('i2')
    if seed == 3: a[:, 100:140, 60:200] = -1
    for b in range(2): d.GetRasterBand(b + 1).WriteArray(a[b]); d.GetRasterBand(b + 1).SetNoDataValue(-1)
    d = None
write('east', 32633, 290000, 5300000, 320, 300, 1)
write('far', 32633, 293200, 5300000, 200, 300, 2)
# The same ground in zone 32: its upper left corner, 2 km to the west.
t = osr.CoordinateTransformation(*[osr.SpatialReference(srs(c)) for c in (32633, 32632)])
x, y, _ = t.TransformPoint(288000.0, 5300500.0)
write('west', 32632, round(x / 10) * 10, round(y / 10) * 10, 300, 340, 3)
warped = gdal.Warp('', f'{folder}/west.tif', format='MEM', dstSRS='EPSG:32633', resampleAlg='near', errorThreshold=0,
  outputBounds=(280000, 5290000, 300000, 5306000), xRes=10, yRes=10, dstNodata=-1)
a = warped.ReadAsArray()
gdal.GetDriverByName('GTiff').CreateCopy(f'{folder}/expected.tif', warped)
rows, cols = np.where(a[0] != -1)
print(json.dumps([int(cols.min()), int(rows.min()), int(cols.max()), int(rows.max()), int((a[0] != -1).sum())]))
`;
const hasGdal = hasPython('osgeo', 'numpy');
let covered: [number, number, number, number, number];
beforeAll(() => {
  if (hasGdal) covered = runPython(script, folder);
});

describe.skipIf(!hasGdal)('tiles of two UTM zones', () => {
  test('a tile on the grid of the next zone is what GDAL warps it to', async () => {
    const expected = await openRaster(file('expected'));
    const geotransform = [280000, 10, 0, 5306000, 0, -10] as const;
    const warped = warpTo(await openRaster(file('west')), { crs: crsFromEpsg(32633), geotransform });
    const [x, , , y] = warped.info.geotransform ?? [];
    const [left, top] = [((x ?? 0) - 280000) / 10, (5306000 - (y ?? 0)) / 10];
    expect(left).toBeLessThanOrEqual(covered[0]);
    expect(top).toBeLessThanOrEqual(covered[1]);
    expect(left + warped.info.width).toBeGreaterThan(covered[2]);
    expect(top + warped.info.height).toBeGreaterThan(covered[3]);
    const { width, height } = warped.info;
    const ours = await warped.readWindow({ col: 0, row: 0, width, height });
    const theirs = await expected.readWindow({ col: left, row: top, width, height });
    let [valid, different] = [0, 0];
    for (let i = 0; i < width * height; i++) {
      if (theirs.valid[i]) valid++;
      if (ours.valid[i] !== theirs.valid[i]) different++;
      else if (theirs.valid[i] && ours.bands[1]?.[i] !== theirs.bands[1]?.[i]) different++;
    }
    expect(valid).toBe(covered[4]);
    // Centres on the border of two source pixels fall to either side in the last digits.
    expect(different).toBeLessThan(valid * 0.0001);
    // Any window is a part of the whole.
    const part = await warped.readWindow({ col: 37, row: 51, width: 100, height: 3 }, [2]);
    const row = (i: number) => ours.bands[1]?.subarray((51 + i) * width + 37, (51 + i) * width + 137) ?? [];
    expect([...(part.bands[0] ?? [])]).toEqual([...row(0), ...row(1), ...row(2)]);
    await warped.dispose();
    await expected.dispose();
  });

  test('become one scene, on the grid of the zone that covers most', async () => {
    const reader = await openSource(source(file('west'), file('east'), file('far')));
    const { info } = reader;
    expect(info.crs?.epsg).toBe(32633);
    expect(info.warnings.join()).toMatch(/west\.tif is brought from .*32N.* by nearest neighbour/);
    const [x = 0, dx, , y = 0] = info.geotransform ?? [];
    expect([dx, Math.abs(x % 10), y % 10]).toEqual([10, 0, 0]);
    // Where the zones overlap, the pixels of the scene's own zone are untouched.
    const east = await openRaster(file('east'));
    const own = await east.readWindow({ col: 0, row: 0, width: 320, height: 300 });
    const at = { col: (290000 - x) / 10, row: (y - 5300000) / 10, width: 320, height: 300 };
    const seen = await reader.readWindow(at);
    expect(seen.bands.map((band) => [...band])).toEqual(own.bands.map((band) => [...band]));
    // West of it the other zone's tile shows, and beyond both there is nothing.
    const west = await reader.readWindow({
      ...at,
      col: at.col - 100,
      width: 100,
      row: at.row + 160,
      height: 40,
    });
    expect(west.valid.every((v) => v === 1)).toBe(true);
    const corner = await reader.readWindow({
      col: info.width - 1,
      row: info.height - 1,
      width: 1,
      height: 1,
    });
    expect(corner.valid[0]).toBe(0);
    const picture = await reader.readResampled(
      { col: 0, row: 0, width: info.width, height: info.height },
      Math.ceil(info.width / 4),
      Math.ceil(info.height / 4),
      [1],
      'average',
    );
    const share = (some: Uint8Array) => some.filter((v) => v === 1).length / some.length;
    const whole = await reader.readWindow({ col: 0, row: 0, width: info.width, height: info.height }, [1]);
    expect(Math.abs(share(picture.valid) - share(whole.valid))).toBeLessThan(0.02);
    await east.dispose();
    await reader.dispose();
  });
});
