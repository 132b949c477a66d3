import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRaster } from '../../electron/raster/open.ts';
import type { RasterInfo } from '../../electron/raster/types.ts';
import { wktOf } from '../../electron/raster/wkt.ts';
import { hasPython, runPython } from '../support/python.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-sidecars-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function infoOf(name: string): Promise<RasterInfo> {
  const reader = await openRaster(join(folder, name));
  await reader.dispose();
  return reader.info;
}

describe('a world file', () => {
  it('places a raster that has no place, never one that has', async () => {
    const plain = join(import.meta.dirname, '../fixtures/raster');
    for (const name of ['no-crs.tif', 'geographic.tif']) copyFileSync(join(plain, name), join(folder, name));
    const place = (await infoOf('geographic.tif')).geotransform;
    for (const name of ['no-crs', 'geographic'])
      writeFileSync(join(folder, `${name}.tfw`), '2\n0\n0\n-3\n101\n48.5\n');
    expect((await infoOf('no-crs.tif')).geotransform).toEqual([100, 2, 0, 50, 0, -3]);
    expect((await infoOf('geographic.tif')).geotransform).toEqual(place);
  });
});

const make = `
import sys, numpy
from osgeo import gdal, osr
gdal.UseExceptions()
folder = sys.argv[1]
def create(name, bands, kind, options=[]):
    return gdal.GetDriverByName('GTiff').Create(folder + '/' + name, 60, 50, bands, kind, options)
utm = osr.SpatialReference(); utm.ImportFromEPSG(32633)
d = create('beside.tif', 2, gdal.GDT_Int16, ['PROFILE=BASELINE'])
d.SetGeoTransform([500000, 10, 0, 5100000, 0, -10]); d.SetSpatialRef(utm)
d.SetMetadataItem('ACQUISITION_DATE', '2021-06-07')
b = d.GetRasterBand(2); b.SetNoDataValue(-7); b.SetDescription('NIR & more'); b.SetScale(0.5); b.SetOffset(-1)
b.SetCategoryNames(['none', 'wheat', 'sugar <beet>'])
d = None
d = create('masked.tif', 1, gdal.GDT_Byte)
a = (numpy.add.outer(numpy.arange(50), numpy.arange(60)) % 251).astype('u1')
d.GetRasterBand(1).WriteArray(a)
d.CreateMaskBand(gdal.GMF_PER_DATASET)
d.GetRasterBand(1).GetMaskBand().WriteArray((a > 40).astype('u1') * 255)
d = None
for i, text in enumerate(['+proj=moll +datum=WGS84', '+proj=geos +h=35785831 +datum=WGS84']):
    s = osr.SpatialReference(); s.ImportFromProj4(text)
    d = create('custom%d.tif' % i, 1, gdal.GDT_Byte); d.SetGeoTransform([0, 10, 0, 0, 0, -10]); d.SetSpatialRef(s); d = None
s = osr.SpatialReference(); s.ImportFromEPSG(4978)
d = create('geocentric.tif', 1, gdal.GDT_Byte); d.SetGeoTransform([0, 10, 0, 0, 0, -10]); d.SetSpatialRef(s); d = None
d = create('gcps.tif', 1, gdal.GDT_Byte)
d.SetGCPs([gdal.GCP(500000 + 9 * x, 5100000 - 8 * y, 0, x, y) for x, y in ((0, 0), (60, 0), (0, 50))], utm.ExportToWkt()); d = None
for kind in ('Float32', 'Float64'):
    for comp in ('LERC', 'LERC_DEFLATE', 'LERC_ZSTD'):
        a = numpy.random.default_rng(3).normal(size=(50, 60)); a[10:20, 5:33] = numpy.nan; a[49] = numpy.nan
        d = create('%s-%s.tif' % (comp, kind), 1, getattr(gdal, 'GDT_' + kind), ['COMPRESS=' + comp])
        d.GetRasterBand(1).SetNoDataValue(float('nan')); d.GetRasterBand(1).WriteArray(a); d = None
for i, (bands, options) in enumerate([(1, []), (3, ['INTERLEAVE=PIXEL']), (3, ['INTERLEAVE=BAND', 'TILED=YES', 'BLOCKXSIZE=32', 'BLOCKYSIZE=32']), (1, ['MAX_Z_ERROR=7'])]):
    rng = numpy.random.default_rng(i)
    wide = rng.integers(0, 2**32, (bands, 50, 60)); few = rng.integers(0, 5, (bands, 50, 60)) * 1000000007 % 2**32
    flat = numpy.full((bands, 50, 60), 4000000000); near = 2**31 - 40 + rng.integers(0, 80, (bands, 50, 60))
    for name, a in (('wide', wide), ('few', few), ('flat', flat), ('near', near)):
        d = create('u32-%s-%d.tif' % (name, i), bands, gdal.GDT_UInt32, ['COMPRESS=' + ('LERC', 'LERC_DEFLATE', 'LERC_ZSTD', 'LERC')[i]] + options)
        for b in range(bands): d.GetRasterBand(b + 1).WriteArray(a[b].astype('u4'))
        d = None
d = create('cmyk.tif', 4, gdal.GDT_Byte, ['COMPRESS=JPEG', 'PHOTOMETRIC=CMYK', 'INTERLEAVE=PIXEL'])
for i in range(4): d.GetRasterBand(i + 1).WriteArray((numpy.add.outer(numpy.arange(50) * (i + 1), numpy.arange(60)) % 256).astype('u1'))
d = None
print('null')
`;
const read = `
import json, sys, numpy
from osgeo import gdal
a = gdal.Open(sys.argv[1]).ReadAsArray().astype('f8').ravel()
print(json.dumps([None if numpy.isnan(v) else v for v in a.tolist()]))
`;

describe.skipIf(!hasPython('osgeo', 'numpy'))('what GDAL writes beside or into a raster', () => {
  beforeAll(() => runPython(make, folder));

  it('is believed: coordinates, nodata, names and scales of an .aux.xml', async () => {
    const { crs, geotransform, bands, acquired } = await infoOf('beside.tif');
    expect(crs).toMatchObject({ epsg: 32633 });
    expect(geotransform).toEqual([500000, 10, 0, 5100000, 0, -10]);
    expect(acquired).toBe('2021-06-07');
    expect(bands[1]).toMatchObject({ name: 'NIR & more', nodata: -7, scale: 0.5, offset: -1 });
    expect(bands[1]?.categories).toEqual(['none', 'wheat', 'sugar <beet>']);
    expect(bands[0]?.categories).toBeNull();
  });

  it('hides pixels by a .msk file', async () => {
    const reader = await openRaster(join(folder, 'masked.tif'));
    const { bands, valid } = await reader.readWindow({ col: 0, row: 0, width: 60, height: 50 });
    await reader.dispose();
    expect(reader.info.hasMask).toBe(true);
    expect([...valid]).toEqual([...(bands[0] ?? [])].map((value) => (value > 40 ? 1 : 0)));
  });

  it('names no code for a CRS that keys cannot hold, and keeps its text', async () => {
    for (const name of ['custom0.tif', 'custom1.tif']) {
      const { crs } = await infoOf(name);
      expect(crs?.epsg).toBeNull();
      expect(crs && wktOf(crs)).toMatch(/^PROJCS\[.*(Mollweide|Geostationary)/);
    }
    expect((await infoOf('geocentric.tif')).crs?.epsg).toBeNull();
  });

  it('does not lend the CRS of control points to pixels that have no place', async () => {
    expect(await infoOf('gcps.tif')).toMatchObject({ crs: null, geotransform: null, controlPoints: 3 });
  });

  it.each(['LERC', 'LERC_DEFLATE', 'LERC_ZSTD'])(
    '%s: floats outside the block’s mask are NaN',
    async (name) => {
      for (const kind of ['Float32', 'Float64']) await samePixels(`${name}-${kind}.tif`);
    },
  );

  it.each(['wide', 'few', 'flat', 'near'])('LERC of 32-bit unsigned integers: %s', async (kind) => {
    for (let i = 0; i < 4; i++) await samePixels(`u32-${kind}-${i}.tif`);
  });

  it('shows ink in JPEG as GDAL does', () => samePixels('cmyk.tif'));
});

async function samePixels(name: string): Promise<void> {
  const path = join(folder, name);
  const reader = await openRaster(path);
  const { bands } = await reader.readWindow({ col: 0, row: 0, width: 60, height: 50 });
  await reader.dispose();
  const expected = runPython<(number | null)[]>(read, path).map((value) => value ?? Number.NaN);
  expect(expected.length).toBe(bands.length * 3000);
  expect(bands.flatMap((band) => [...band])).toEqual(expected);
}
