import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { isAppError } from '../../electron/base/errors.ts';
import { parseGeoJson } from '../../electron/vector/readGeoJson.ts';
import { readVector } from '../../electron/vector/readVector.ts';
import { reproject, transformBetween } from '../../electron/vector/reproject.ts';
import type { Feature } from '../../electron/vector/types.ts';
import { writeGeoJson } from '../../electron/vector/writeGeoJson.ts';
import { expectClose } from '../support/expectClose.ts';
import { gdal, hasGdal } from '../support/gdal.ts';
import { square } from '../support/labels.ts';
import { tmpFolder } from '../support/tmpProject.ts';

async function codeOfAsync(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
  return 'no error';
}

const hole = [
  [2, 2],
  [2, 4],
  [4, 4],
  [4, 2],
  [2, 2],
];
const sources: Feature[] = [
  {
    geometry: square(0, 0),
    properties: { crop: 'Weizen', note: 'Größe ž', code: 3301010101, share: 0.25, day: '2026-06-01' },
  },
  {
    geometry: { type: 'Polygon', coordinates: [...(square(0, 0).coordinates as number[][][]), hole] },
    properties: { crop: null, note: null, code: null, share: null, day: null },
  },
  {
    geometry: {
      type: 'MultiPolygon',
      coordinates: [
        [...(square(0, 0).coordinates as number[][][]), hole],
        square(50, 0).coordinates as number[][][],
      ],
    },
    properties: { crop: 'mais', note: 'a "b"', code: 1, share: -1, day: null },
  },
];

function source(): string {
  const file = join(tmpFolder(), 'source.geojson');
  writeFileSync(file, writeGeoJson(sources, { name: 'source', epsg: 32633 }));
  return file;
}

const asPolygons = (f: Feature) =>
  f.geometry?.type === 'Polygon' ? [f.geometry.coordinates] : (f.geometry?.coordinates ?? null);
/** Rings from their smallest corner on, whichever way they run. */
function canonical(features: readonly Feature[]): unknown {
  return features.map((f) =>
    (asPolygons(f) as number[][][][] | null)?.map((rings) =>
      rings
        .map((r) => [...new Set(r.map((p) => p.join(' ')))].sort())
        .sort((a, b) => (a.join() < b.join() ? -1 : 1)),
    ),
  );
}

describe('GeoJSON', () => {
  it('comes back as it was written, with the CRS named', async () => {
    const layer = await readVector(source());
    expect(layer.crs.epsg).toBe(32633);
    expect(layer.features.map((f) => f.properties)).toEqual(sources.map((f) => f.properties));
    expect(canonical(layer.features)).toEqual(canonical(sources));
    expect(layer.fields).toEqual([
      { name: 'crop', type: 'text' },
      { name: 'note', type: 'text' },
      { name: 'code', type: 'integer' },
      { name: 'share', type: 'real' },
      { name: 'day', type: 'date' },
    ]);
  });

  it.skipIf(!hasGdal)('is read by GDAL with its CRS and without warnings', () => {
    const listing = gdal('ogrinfo', '-ro', '-al', source());
    expect(listing).not.toMatch(/warning|error/i);
    expect(listing).toContain('ID["EPSG",32633]');
    expect(listing).toContain('Feature Count: 3');
  });

  it('knows its older and looser forms', () => {
    const point = '{"type":"Point","coordinates":[1,2,3]}';
    expect(parseGeoJson(point, 'p').features[0]?.geometry).toEqual({ type: 'Point', coordinates: [1, 2] });
    const line = `{"type":"Feature","properties":null,"geometry":${point}}`;
    expect(parseGeoJson(`${line}\n${line}\n`, 'lines').features).toHaveLength(2);
    expect(parseGeoJson(`\uFEFF${line}`, 'bom').crs.epsg).toBe(4326);
    const crs = (name: string) =>
      parseGeoJson(
        `{"type":"FeatureCollection","features":[],"crs":{"type":"name","properties":{"name":"${name}"}}}`,
        'c',
      ).crs.epsg;
    expect(crs('urn:ogc:def:crs:OGC:1.3:CRS84')).toBe(4326);
    expect(crs('EPSG:25832')).toBe(25832);
    expect(crs('http://www.opengis.net/def/crs/EPSG/0/3035')).toBe(3035);
    expect(parseGeoJson('{"type":"FeatureCollection","features":[],"crs":null}', 'n').crs.epsg).toBeNull();
  });

  it('names what is neither area nor point, and what is malformed', () => {
    const text = JSON.stringify({
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          properties: {},
          geometry: {
            type: 'LineString',
            coordinates: [
              [0, 0],
              [1, 1],
            ],
          },
        },
        { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [['a']] } },
        { type: 'Feature', properties: {}, geometry: null },
      ],
    });
    expect(parseGeoJson(text, 't').features.map((f) => f.unread)).toEqual([
      'LineString is neither an area nor a point',
      'Polygon with malformed coordinates',
      undefined,
    ]);
  });

  it.each(['{"type":"FeatureCollection","features":[', '[]', '{"type":"Topology"}', ''])(
    'refuses %j',
    (text) => {
      expect(() => parseGeoJson(text, 'x.geojson')).toThrow(/x\.geojson is not GeoJSON/);
    },
  );
});

describe.skipIf(!hasGdal)('Shapefile', () => {
  function shapefile(...options: string[]): string {
    const file = join(tmpFolder(), 'felder.shp');
    gdal('ogr2ogr', '-f', 'ESRI Shapefile', ...options, file, source());
    return file;
  }

  it('gives the geometries, attributes and CRS that GDAL put in', async () => {
    const layer = await readVector(shapefile('-lco', 'ENCODING=UTF-8'));
    expect(layer.name).toBe('felder');
    expect(layer.crs.epsg).toBe(32633);
    expect(layer.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'crop text',
      'note text',
      'code integer',
      'share real',
      'day date',
    ]);
    expect(layer.features.map((f) => f.properties)).toEqual(sources.map((f) => f.properties));
    expect(canonical(layer.features)).toEqual(canonical(sources));
    expect(layer.features.map((f) => asPolygons(f)?.length)).toEqual([1, 1, 2]);
  });

  it.each(['ISO-8859-2', 'CP1250', 'CP852', 'UTF-8'])('reads text in %s', async (encoding) => {
    const file = shapefile('-lco', `ENCODING=${encoding}`);
    expect((await readVector(file)).features[0]?.properties.note).toBe('Größe ž');
  });

  it('goes by the language driver, then by the bytes, where there is no .cpg', async () => {
    const file = shapefile('-lco', 'ENCODING=LDID/200');
    expect((await readVector(file)).features[0]?.properties.note).toBe('Größe ž');
    const folder = tmpFolder();
    for (const ending of ['.shp', '.dbf'])
      copyFileSync(shapefile('-lco', 'ENCODING=UTF-8').replace('.shp', ending), join(folder, `u${ending}`));
    const bare = await readVector(join(folder, 'u.shp'));
    expect(bare.features[0]?.properties.note).toBe('Größe ž');
    expect(bare.crs).toEqual({ epsg: null, wkt: null, proj4: null });
  });

  it('reads polygons with Z and M, and points', async () => {
    expect(canonical((await readVector(shapefile('-nlt', 'POLYGONZ', '-dim', 'XYZ'))).features)).toEqual(
      canonical(sources),
    );
    const csv = join(tmpFolder(), 'p.csv');
    writeFileSync(csv, 'x,y,n\n3.5,4.5,7\n');
    const file = join(tmpFolder(), 'p.shp');
    gdal(
      'ogr2ogr',
      '-oo',
      'X_POSSIBLE_NAMES=x',
      '-oo',
      'Y_POSSIBLE_NAMES=y',
      '-oo',
      'AUTODETECT_TYPE=YES',
      file,
      csv,
    );
    const { features } = await readVector(file);
    expect(features[0]).toEqual({
      geometry: { type: 'Point', coordinates: [3.5, 4.5] },
      properties: { x: 3.5, y: 4.5, n: 7 },
    });
  });

  it('is read out of a zip archive, in whatever folder and case it lies', async () => {
    const file = shapefile('-lco', 'ENCODING=CP1250');
    const entries: Record<string, Uint8Array> = { 'readme.txt': new Uint8Array(3) };
    for (const ending of ['.shp', '.dbf', '.prj', '.cpg']) {
      entries[`data/FELDER${ending.toUpperCase()}`] = readFileSync(file.replace('.shp', ending));
    }
    const zip = join(tmpFolder(), 'felder.zip');
    writeFileSync(zip, zipSync(entries));
    const layer = await readVector(zip);
    expect(layer.crs.epsg).toBe(32633);
    expect(layer.features[0]?.properties.note).toBe('Größe ž');
    expect(canonical(layer.features)).toEqual(canonical(sources));
    writeFileSync(zip, zipSync({ 'a.txt': new Uint8Array(3) }));
    expect(await codeOfAsync(readVector(zip))).toBe('bad-input');
    writeFileSync(zip, readFileSync(zip).subarray(0, 30));
    expect(await codeOfAsync(readVector(zip))).toBe('bad-input');
  });

  it('is refused, never misread, when it is cut short', async () => {
    const file = shapefile();
    const whole = readFileSync(file);
    for (const length of [0, 50, 130, whole.length - 5]) {
      writeFileSync(file, whole.subarray(0, length));
      expect(await codeOfAsync(readVector(file))).toBe('bad-input');
    }
  });
});

describe('Parquet', () => {
  const fixture = (name: string) => `test/fixtures/vector/${name}.parquet`;

  it.each([
    ['fiboa-25832-zstd', 25832],
    ['crs84-snappy', 4326],
    ['crs84-brotli', 4326],
    ['no-crs-gzip', null],
    ['plain-lz4', null],
  ])('%s is read with its CRS, attributes and geometries', async (name, epsg) => {
    const layer = await readVector(fixture(name));
    expect(layer.crs.epsg).toBe(epsg);
    expect(layer.features.map((f) => f.geometry?.type)).toEqual(['Polygon', 'MultiPolygon', undefined]);
    expect(layer.features[0]?.geometry?.coordinates).toEqual([
      [
        [565000, 5934000],
        [565100, 5934000],
        [565100, 5934100],
        [565000, 5934000],
      ],
      [
        [565050, 5934010],
        [565060, 5934010],
        [565060, 5934020],
        [565050, 5934010],
      ],
    ]);
    expect(layer.features[0]?.properties).toEqual({
      id: 'f1',
      'crop:code': '3301010101',
      'crop:name': 'winter_common_soft_wheat',
      'hcat:code': 3301010101,
      'metrics:area': 12345.5,
      day: '2026-06-01',
      organic: true,
    });
    expect(layer.features[1]?.properties['crop:name']).toBe('grain maize – Körnermais');
    expect(layer.fields.find((f) => f.name === 'hcat:code')?.type).toBe('integer');
  });

  it('is refused when it is cut short or has no shapes', async () => {
    const file = join(tmpFolder(), 'x.parquet');
    const whole = readFileSync(fixture('crs84-snappy'));
    for (const length of [0, 10, 500, whole.length - 9]) {
      writeFileSync(file, whole.subarray(0, length));
      expect(await codeOfAsync(readVector(file))).toBe('bad-input');
    }
  });
});

describe('readVector', () => {
  it('says what it cannot do', async () => {
    expect(await codeOfAsync(readVector('/tmp/none.shp'))).toBe('not-found');
    expect(await codeOfAsync(readVector('/tmp/none.geojson'))).toBe('not-found');
    expect(await codeOfAsync(readVector('/tmp/none.zip'))).toBe('not-found');
    expect(await codeOfAsync(readVector('/tmp/none.parquet'))).toBe('not-found');
    expect(await codeOfAsync(readVector('/tmp/none.kml'))).toBe('unsupported');
  });
});

const wgs84 = '../shared/data/fergana/field_polygons_wgs84.geojson';
const canReproject = existsSync(wgs84) && hasGdal;
if (!canReproject) console.log(`skipped: ${wgs84} or GDAL is not here`);

describe.skipIf(!canReproject)('reproject', () => {
  it('moves the Fergana fields from WGS 84 to UTM within a millimetre of GDAL', async () => {
    const { features } = await readVector(wgs84);
    const utm = '+proj=utm +zone=42 +datum=WGS84 +units=m +no_defs';
    const ours = reproject(features, transformBetween('+proj=longlat +datum=WGS84 +no_defs', utm));
    const target = join(tmpFolder(), 'utm.geojson');
    gdal('ogr2ogr', '-t_srs', 'EPSG:32642', '-lco', 'COORDINATE_PRECISION=6', target, wgs84);
    const theirs = (await readVector(target)).features;
    const flat = (list: readonly Feature[]) => list.flatMap((f) => (asPolygons(f) as number[][][][]).flat(3));
    expect(flat(ours).length).toBeGreaterThan(200);
    expectClose(flat(ours), flat(theirs), { rel: 0, abs: 1e-3 });
  });

  it('lists features that have no place in the other CRS', () => {
    const transform = transformBetween('+proj=longlat', '+proj=merc');
    const [moved] = reproject(
      [{ geometry: { type: 'Point', coordinates: [0, 95] }, properties: {} }],
      transform,
    );
    expect(moved?.geometry).toBeNull();
    expect(moved?.unread).toContain('(0, 95)');
  });
});
