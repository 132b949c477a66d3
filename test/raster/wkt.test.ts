import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import proj4 from 'proj4';
import { afterAll, expect, test } from 'vitest';
import { must } from '../../electron/base/assert.ts';
import { openRaster } from '../../electron/raster/open.ts';
import { wktOf } from '../../electron/raster/wkt.ts';
import { hasGdal } from '../support/gdal.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-wkt-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const grids = [
  '+proj=lcc +lat_1=47.3 +lat_2=48.7 +lat_0=48 +lon_0=11.5 +x_0=400000 +y_0=300000 +ellps=GRS80 +units=m +no_defs',
  '+proj=lcc +lat_1=46 +lat_0=46 +lon_0=2 +k_0=0.9998 +x_0=600000 +y_0=200000 +datum=WGS84 +units=m +no_defs',
  '+proj=tmerc +lat_0=40 +lon_0=9.5 +k=0.9997 +x_0=123456 +y_0=-50 +ellps=bessel +units=m +no_defs',
  '+proj=laea +lat_0=10 +lon_0=20 +x_0=5000 +y_0=6000 +datum=WGS84 +units=m +no_defs',
  '+proj=aea +lat_1=-18 +lat_2=-36 +lat_0=1 +lon_0=132 +x_0=7 +y_0=8 +ellps=GRS80 +units=m +no_defs',
  '+proj=sinu +lon_0=5 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs',
];

/** Where GDAL says that points of the grid lie. */
function gdal(file: string, points: readonly (readonly number[])[]): number[][] {
  const said = execFileSync('gdaltransform', ['-s_srs', file, '-t_srs', 'EPSG:4326', '-output_xy'], {
    input: points.map((p) => p.join(' ')).join('\n'),
    encoding: 'utf8',
  });
  return said
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
}

test.skipIf(!hasGdal).each(grids)(
  'a CRS without a code is described as GDAL understands it: %s',
  async (definition) => {
    const file = join(folder, 'grid.tif');
    const args = ['-q', '-of', 'GTiff', '-outsize', '4', '4', '-a_srs', definition];
    execFileSync('gdal_create', [...args, '-a_ullr', '10000', '20000', '10040', '19960', file]);
    const reader = await openRaster(file);
    await reader.dispose();
    const crs = must(reader.info.crs, 'CRS');
    expect(crs.epsg).toBeNull();
    const wkt = must(wktOf(crs), 'WKT');
    const points = [
      [10000, 20000],
      [250000, -120000],
    ];
    const theirs = gdal(definition, points);
    expect(gdal(wkt, points)).toEqual(theirs);
    points.forEach((point, i) => {
      // From a sphere to WGS 84, PROJ keeps the latitude and proj4 the geocentric one: 0.19° apart at most.
      const [lon = 0, lat = 0] = proj4(wkt, '+proj=longlat +datum=WGS84 +no_defs', point);
      const [x = 0, y = 0] = theirs[i] ?? [];
      expect(Math.hypot(lon - x, lat - y)).toBeLessThan(definition.includes('sinu') ? 0.2 : 1e-6);
    });
  },
);

test('keys that describe no known projection give no WKT', () => {
  expect(wktOf({ epsg: null, name: null, geoKeys: { 1024: 1, 3072: 32767, 3075: 20 } })).toBeNull();
  expect(wktOf({ epsg: 32633, name: null, geoKeys: {} })).toContain('UTM zone 33N');
});
