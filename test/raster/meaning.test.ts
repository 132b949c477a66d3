import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { availableIndices, spectralIndices } from '../../electron/contract/catalog/indices.ts';
import { fingerprint } from '../../electron/raster/fingerprint.ts';
import { bandInName, dateInName } from '../../electron/raster/productNames.ts';
import { bandMeanings, guessSensor, roleOfWavelength } from '../../electron/raster/sensors.ts';
import { auxXmlFor, paletteOf, qmlFor, sldFor } from '../../electron/raster/style.ts';

const named = (names: string[]) => names.map((name) => ({ name, wavelengthNm: null }));
const s2 = ['B01', 'B02', 'B03', 'B04', 'B05', 'B06', 'B07', 'B08', 'B8A', 'B09', 'B10', 'B11', 'B12'];

describe('sensors', () => {
  it('knows a stack of dates by its band names', () => {
    const bands = named([0, 1, 2, 3, 4].flatMap((date) => s2.map((band) => `s${date}_${band}`)));
    const sensor = guessSensor({ path: 'x.tif', bands, metadata: {} });
    expect(sensor).toBe('sentinel-2-l1c');
    const meanings = bandMeanings(bands, sensor);
    expect(meanings[13 * 2 + 7]).toEqual({ role: 'nir', wavelengthNm: 842, date: 2 });
  });

  it('knows a sensor by metadata only when the number of bands fits', () => {
    const metadata = { SPACECRAFT_NAME: 'Sentinel-2A' };
    const unnamed = (count: number) =>
      Array.from({ length: count }, () => ({ name: null, wavelengthNm: null }));
    expect(guessSensor({ path: 'x.tif', bands: unnamed(12), metadata })).toBe('sentinel-2-l2a');
    expect(guessSensor({ path: 'x.tif', bands: unnamed(5), metadata })).toBeNull();
    expect(guessSensor({ path: 'x.tif', bands: unnamed(13), metadata: {} })).toBeNull();
  });

  it('knows a spectrometer by the wavelengths of its many bands, and MODIS by its band names', () => {
    const spectrum = Array.from({ length: 60 }, (_, i) => ({ name: null, wavelengthNm: 420 + i * 10 }));
    expect(guessSensor({ path: 'x.tif', bands: spectrum, metadata: {} })).toBe('hyperspectral');
    expect(guessSensor({ path: 'x.tif', bands: spectrum.slice(0, 9), metadata: {} })).toBeNull();
    const meanings = bandMeanings(spectrum, 'hyperspectral');
    expect([meanings[5]?.role, meanings[25]?.role, meanings[25]?.date]).toEqual(['blue', 'red', 0]);
    const bands = named(['1', '2', '3', '4', '5', '6', '7'].map((n) => `sur_refl_b0${n}`));
    expect(guessSensor({ path: 'x.tif', bands, metadata: {} })).toBe('modis');
    expect(bandMeanings(bands, 'modis').map(({ role }) => role)).toEqual([
      ...['red', 'nir', 'blue', 'green', null, 'swir1', 'swir2'],
    ]);
  });

  it('reads bands and days from the names of products', () => {
    expect(bandInName('/x/T33UXP_20200412T100021_B8A_20m.tif')).toBe('B8A');
    expect(bandInName('LC09_L2SP_192027_20220412_20220416_02_T1_SR_B5.TIF')).toBe('SR_B5');
    expect(bandInName('ndvi.tif')).toBeNull();
    expect(bandInName('field_B1000.tif')).toBeNull();
    expect(dateInName('S2A_MSIL2A_20210607T101031_N0300_R022_T33UWP.tif')).toBe('2021-06-07');
    expect(dateInName('LC08_L2SP_192027_20200412_20200822_02_T1_SR_B5.TIF')).toBe('2020-04-12');
    expect(dateInName('LT51920271994160XXX02_B4.tif')).toBe('1994-06-09');
    expect(dateInName('MOD09A1.A2020097.h18v04.006.tif')).toBe('2020-04-06');
    expect(dateInName('20200412_093221_1032_3B_AnalyticMS_SR.tif')).toBe('2020-04-12');
    expect(dateInName('20209912_093221_1032_3B_AnalyticMS_SR.tif')).toBeNull();
    expect(dateInName('scan_20200412.tif')).toBeNull();
  });

  it('falls back on names and wavelengths of single bands', () => {
    const bands = [
      { name: 'Red', wavelengthNm: null },
      { name: null, wavelengthNm: 851 },
      { name: 'ndvi', wavelengthNm: null },
    ];
    expect(bandMeanings(bands, null).map((b) => b.role)).toEqual(['red', 'nir', null]);
    expect(roleOfWavelength(1100)).toBeNull();
  });
});

describe('indices', () => {
  const value = (id: string, ...reflectances: number[]) =>
    spectralIndices.find((index) => index.id === id)?.compute(reflectances);

  it('compute their formulas', () => {
    expect(value('ndvi', 0.5, 0.1)).toBeCloseTo(2 / 3, 12);
    expect(value('savi', 0.5, 0.1)).toBeCloseTo(0.6 / 1.1, 12);
    expect(value('evi', 0.5, 0.1, 0.05)).toBeCloseTo(1 / (0.5 + 0.6 - 0.375 + 1), 12);
    expect(value('ndvi', 0, 0)).toBeNaN();
  });

  it('are offered when the roles are there', () => {
    const roles = bandMeanings(named(s2), 'sentinel-2-l1c').map((b) => b.role);
    const found = availableIndices(roles);
    expect(found.map((f) => f.index.id)).toEqual(spectralIndices.map((index) => index.id));
    expect(found.find((f) => f.index.id === 'ndvi')?.bands).toEqual([8, 4]);
    expect(availableIndices(['red', 'green'])).toEqual([]);
  });
});

describe('class styles', () => {
  const classes = [
    { code: 2, name: 'Beet & <sugar>', color: '#8b1a62' },
    { code: 1, name: 'Wheat', color: '#d4af37' },
  ];

  it('write one list of classes in every format', () => {
    expect(paletteOf(classes)).toEqual([
      [0, 0, 0],
      [0xd4, 0xaf, 0x37],
      [0x8b, 0x1a, 0x62],
    ]);
    expect(qmlFor(classes)).toContain(
      '<paletteEntry value="2" label="Beet &amp; &lt;sugar&gt;" color="#8b1a62"',
    );
    expect(sldFor(classes, 'map')).toContain('quantity="1" label="Wheat"');
    const names = [...auxXmlFor(classes, 'crop').matchAll(/<Category>(.*)<\/Category>/g)].map((m) => m[1]);
    expect(names).toEqual(['unclassified', 'Wheat', 'Beet &amp; &lt;sugar&gt;']);
  });
});

describe('fingerprint', () => {
  it('stays with the bytes and changes with size or sampled content', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'swath-print-'));
    const path = join(folder, 'a.bin');
    const bytes = new Uint8Array(3_000_000).map((_, i) => i % 251);
    writeFileSync(path, bytes);
    const first = await fingerprint(path);
    expect(await fingerprint(path)).toBe(first);
    bytes[0] = 99;
    writeFileSync(path, bytes);
    expect(await fingerprint(path)).not.toBe(first);
    truncateSync(path, 5);
    expect(await fingerprint(path)).toMatch(/^5-/);
    truncateSync(path, 0);
    expect(await fingerprint(path)).toMatch(/^0-/);
    rmSync(folder, { recursive: true });
  });
});
