import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  crsFromEpsg,
  crsName,
  findCrs,
  isGeographic,
  metresPerUnit,
  proj4For,
  wktFor,
} from '../../electron/raster/crs.ts';
import { transformBetween } from '../../electron/raster/projection.ts';
import { codeOf } from '../support/codeOf.ts';

/** Positions computed by PROJ (test/raster/makeCrsOracle.py). */
const oracle = JSON.parse(readFileSync(join(import.meta.dirname, '../oracles/crs.json'), 'utf8')) as {
  epsg: number;
  name: string;
  lon: number;
  lat: number;
  x: number;
  y: number;
}[];

describe('transforms', () => {
  it.each(oracle)('EPSG:$epsg equals PROJ, and comes back', ({ epsg, name, lon, lat, x, y }) => {
    const [ourX, ourY] = transformBetween(4326, epsg)(lon, lat);
    // National datums: PROJ may choose a better operation than the one the table has; metres, not millimetres.
    const shifted = /towgs84=(?!0,0,0)/.test(proj4For(epsg));
    const allowed = shifted ? 12 : isGeographic(epsg) ? 1e-9 : 0.002;
    expect(Math.hypot(ourX - x, ourY - y)).toBeLessThan(allowed);
    const [lonBack, latBack] = transformBetween(epsg, 4326)(ourX, ourY);
    expect(Math.hypot(lonBack - lon, latBack - lat)).toBeLessThan(1e-7);
    expect(crsName(epsg)).toBe(name);
    expect(wktFor(epsg)).toContain(`AUTHORITY["EPSG","${epsg}"]`);
  });

  it('leaves positions alone between equal codes', () => {
    expect(transformBetween(32633, 32633)(1, 2)).toEqual([1, 2]);
  });

  it('refuses a code it does not know and a CRS without a code', () => {
    expect(codeOf(() => transformBetween(4326, 999999))).toBe('unsupported');
    expect(codeOf(() => transformBetween({ epsg: null, name: 'House', geoKeys: {} }, 4326))).toBe(
      'unsupported',
    );
  });
});

describe('facts about a CRS', () => {
  it('knows degrees from metres and feet', () => {
    expect(isGeographic(4326)).toBe(true);
    expect(isGeographic(crsFromEpsg(32633))).toBe(false);
    expect(metresPerUnit(32633)).toBe(1);
    expect(metresPerUnit(4326)).toBeNull();
    expect(metresPerUnit(2227)).toBeCloseTo(0.3048006096, 9);
  });

  it('finds systems by words and numbers', () => {
    expect(findCrs('wgs 84 utm 33n').map((c) => c.epsg)).toContain(32633);
    expect(findCrs('28992')[0]?.name).toContain('Amersfoort');
    expect(findCrs('no such system')).toEqual([]);
  });
});
