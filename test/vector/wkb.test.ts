import { describe, expect, it } from 'vitest';
import {
  blobBounds,
  decodeBlob,
  encodeBlob,
  readBlobHeader,
  withSrsId,
} from '../../electron/vector/geoPackageBlob.ts';
import type { Geometry } from '../../electron/vector/types.ts';
import { decodeWkb, encodeWkb } from '../../electron/vector/wkb.ts';
import { codeOf } from '../support/codeOf.ts';
import { hasOgr, ogr } from '../support/ogr.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

const ring = (x: number) => [
  [x, 0],
  [x + 4, 0],
  [x + 4, 4],
  [x, 0],
];
const polygon: Geometry = {
  type: 'Polygon',
  coordinates: [
    ring(0),
    [
      [1, 0.5],
      [3, 1],
      [3, 2],
      [1, 0.5],
    ],
  ],
};
const multi: Geometry = { type: 'MultiPolygon', coordinates: [[ring(0)], [ring(10)]] };
const point: Geometry = { type: 'Point', coordinates: [1.5, -2.25] };

describe.skipIf(!hasOgr)('WKB', () => {
  it('is read as GDAL writes it: both byte orders, Z and M, ISO and extended codes', () => {
    const cases: [string, Geometry | null][] = [
      ['POLYGON((0 0,4 0,4 4,0 0),(1 0.5,3 1,3 2,1 0.5))', polygon],
      ['POLYGON Z((0 0 9,4 0 9,4 4 9,0 0 9),(1 0.5 9,3 1 9,3 2 9,1 0.5 9))', polygon],
      ['POLYGON M((0 0 9,4 0 9,4 4 9,0 0 9),(1 0.5 9,3 1 9,3 2 9,1 0.5 9))', polygon],
      ['POLYGON ZM((0 0 8 9,4 0 8 9,4 4 8 9,0 0 8 9),(1 0.5 8 9,3 1 8 9,3 2 8 9,1 0.5 8 9))', polygon],
      ['MULTIPOLYGON(((0 0,4 0,4 4,0 0)),((10 0,14 0,14 4,10 0)))', multi],
      ['MULTIPOLYGON Z(((0 0 1,4 0 1,4 4 1,0 0 1)),((10 0 1,14 0 1,14 4 1,10 0 1)))', multi],
      ['POINT(1.5 -2.25)', point],
      ['MULTIPOINT((1.5 -2.25))', point],
      ['POINT EMPTY', null],
      ['POLYGON EMPTY', null],
      ['MULTIPOLYGON EMPTY', null],
    ];
    const hex = ogr<string[][]>(
      'g = [ogr.CreateGeometryFromWkt(w) for w in data]\n' +
        'print(json.dumps([[bytes(f(o)).hex() for f in (x.ExportToWkb, x.ExportToIsoWkb) for o in (0, 1)] for x in g]))',
      cases.map(([wkt]) => wkt),
    );
    cases.forEach(([wkt, expected], i) => {
      // Only ISO writes an empty point as not-a-number; the older form of GDAL cannot be told from (0, 0).
      for (const variant of (hex[i] ?? []).slice(wkt === 'POINT EMPTY' ? 2 : 0))
        expect(decodeWkb(bytes(variant)), wkt).toEqual({ geometry: expected });
    });
  });

  it('is written as GDAL reads it', () => {
    const geometries = [polygon, multi, point];
    const theirs = ogr<Geometry[]>(
      'print(json.dumps([json.loads(ogr.CreateGeometryFromWkb(bytes.fromhex(h)).ExportToJson()) for h in data]))',
      [...geometries.map((g) => encodeWkb(g)), encodeWkb(polygon, true)].map((b) =>
        Buffer.from(b).toString('hex'),
      ),
    );
    expect(theirs).toEqual([...geometries, { type: 'MultiPolygon', coordinates: [polygon.coordinates] }]);
  });
});

describe('WKB', () => {
  it('skips the SRID of PostGIS, and names what is neither area nor point', () => {
    expect(decodeWkb(bytes('0101000020E6100000000000000000F83F00000000000002C0')).geometry).toEqual(point);
    expect(decodeWkb(bytes('010200000000000000')).unread).toContain('LineString');
  });

  it('is refused when it is cut short or claims more than it holds', () => {
    const whole = encodeWkb(polygon);
    for (let length = 0; length < whole.length; length++) {
      expect(codeOf(() => decodeWkb(whole.subarray(0, length)))).toBe('bad-input');
    }
    // Four thousand million rings in nine bytes.
    expect(codeOf(() => decodeWkb(bytes('0103000000ffffffff')))).toBe('bad-input');
    expect(codeOf(() => decodeWkb(bytes('0203000000')))).toBe('bad-input');
  });
});

describe('GeoPackage blobs', () => {
  it('carry srs_id and envelope, and give the geometry back', () => {
    const blob = encodeBlob(polygon, 32633, true);
    expect(readBlobHeader(blob)).toMatchObject({
      srsId: 32633,
      empty: false,
      envelope: [0, 0, 4, 4],
      wkbStart: 40,
    });
    expect(decodeBlob(blob).geometry).toEqual(polygon);
    expect(readBlobHeader(withSrsId(blob, -1)).srsId).toBe(-1);
    expect(decodeBlob(withSrsId(blob, -1))).toEqual(decodeBlob(blob));
  });

  it('without an envelope have their bounds computed', () => {
    const blob = encodeBlob(point, 4326);
    expect(readBlobHeader(blob).envelope).toBeNull();
    expect(blobBounds(blob)).toEqual([1.5, -2.25, 1.5, -2.25]);
  });
});
