import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import { area } from '../../electron/vector/geometry.ts';
import { type PixelPolygon, polygonize } from '../../electron/vector/polygonize.ts';
import { rasterize } from '../../electron/vector/rasterize.ts';
import { hasSelfIntersection } from '../../electron/vector/selfIntersections.ts';
import { gdal, hasGdal } from '../support/gdal.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-polygonize-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function burn(polygons: PixelPolygon[], width: number, height: number): Int32Array {
  return rasterize(
    polygons.map(({ geometry, value }) => ({ geometry, id: value })),
    width,
    height,
  );
}

function grid(rows: string[]): { values: Int32Array; width: number; height: number } {
  return {
    values: Int32Array.from(rows.join(''), Number),
    width: rows[0]?.length ?? 0,
    height: rows.length,
  };
}

describe('polygonize', () => {
  it('follows pixel edges and gives holes rings of their own', () => {
    const { values, width, height } = grid(['111', '121', '111']);
    const polygons = polygonize(values, width, height);
    expect(polygons.map(({ value, pixels }) => [value, pixels])).toEqual([
      [1, 8],
      [2, 1],
    ]);
    expect(polygons[0]?.geometry.coordinates).toEqual(
      [
        [
          [0, 0],
          [3, 0],
          [3, 3],
          [0, 3],
          [0, 0],
        ],
        [
          [1, 2],
          [2, 2],
          [2, 1],
          [1, 1],
          [1, 2],
        ].reverse(),
      ].map((ring) => expect.arrayContaining(ring)),
    );
  });

  it('separates pixels of one value that meet only at a corner', () => {
    const { values, width, height } = grid(['10', '01']);
    expect(polygonize(values, width, height, 0)).toHaveLength(2);
  });

  it('crosses over where a component meets itself at a corner, so that no ring touches itself', () => {
    const { values, width, height } = grid(['1110', '1011', '1101', '0111']);
    const polygons = polygonize(values, width, height, 0);
    expect(polygons).toHaveLength(1);
    for (const { geometry } of polygons) expect(hasSelfIntersection(geometry.coordinates)).toBe(false);
    expect(burn(polygons, width, height)).toEqual(values);
  });

  it('gives the same pixels back for random rasters, in valid polygons of the right area', () => {
    const prng = prngFrom(5);
    for (let round = 0; round < 60; round++) {
      const width = 1 + prng.integer(24);
      const height = 1 + prng.integer(24);
      const values = Int32Array.from({ length: width * height }, () => prng.integer(1 + (round % 4)));
      const polygons = polygonize(values, width, height);
      expect(burn(polygons, width, height)).toEqual(values);
      for (const { geometry, pixels } of polygons) {
        expect(hasSelfIntersection(geometry.coordinates)).toBe(false);
        expect(area(geometry)).toBe(pixels);
      }
    }
  });

  it.skipIf(!hasGdal)('finds as many polygons per value as gdal_polygonize', () => {
    const prng = prngFrom(6);
    const [width, height] = [40, 30];
    const values = Uint8Array.from({ length: width * height }, () => 1 + prng.integer(3));
    const raw = join(folder, 'random.raw');
    writeFileSync(raw, values);
    writeFileSync(
      join(folder, 'random.hdr'),
      `ENVI\nsamples = ${width}\nlines = ${height}\nbands = 1\ndata type = 1\ninterleave = bsq\n`,
    );
    gdal('gdal_polygonize.py', '-q', raw, '-f', 'GeoJSON', join(folder, 'random.geojson'));
    const theirs = JSON.parse(readFileSync(join(folder, 'random.geojson'), 'utf8')) as {
      features: { properties: { DN: number } }[];
    };
    const tally = (codes: number[]) => [1, 2, 3].map((code) => codes.filter((c) => c === code).length);
    expect(tally(polygonize(values, width, height).map((p) => p.value))).toEqual(
      tally(theirs.features.map((f) => f.properties.DN)),
    );
  });

  const labels = '../shared/data/flevoland-west/labels_uint8.tif';
  const canRead = existsSync(labels) && hasGdal;
  if (!canRead) console.log(`skipped: ${labels} or GDAL is not here`);
  it.skipIf(!canRead)('turns the Flevoland labels into fields and back, pixel for pixel', () => {
    const raw = join(folder, 'labels.raw');
    execFileSync('gdal_translate', ['-q', '-of', 'ENVI', labels, raw]);
    const values = new Uint8Array(readFileSync(raw));
    const [width, height] = [512, 736];
    const polygons = polygonize(values, width, height, 0);
    expect(polygons.length).toBeGreaterThan(40);
    expect(Uint8Array.from(burn(polygons, width, height))).toEqual(values);
  });

  it('does 2000 × 2000 noisy fields within seconds', () => {
    const size = 2000;
    const prng = prngFrom(7);
    const values = new Uint8Array(size * size);
    for (let i = 0; i < values.length; i++) {
      const field = (Math.floor(i / size / 50) * 7 + Math.floor((i % size) / 40)) % 9;
      values[i] = prng.integer(50) === 0 ? 9 : field;
    }
    const start = performance.now();
    const polygons = polygonize(values, size, size);
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(Uint8Array.from(burn(polygons, size, size))).toEqual(values);
  });
});
