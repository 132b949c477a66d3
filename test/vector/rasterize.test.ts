import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import { rasterize, type Shape } from '../../electron/vector/rasterize.ts';
import { gdal, hasGdal } from '../support/gdal.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-rasterize-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [width, height] = [60, 45];

/** Star-shaped polygons with a hole, reaching beyond the grid, at coordinates that no pixel centre meets. */
function stars(count: number): Shape[] {
  const prng = prngFrom(11);
  const ring = (cx: number, cy: number, radius: number) => {
    const corners = Array.from({ length: 9 }, (_, i) => {
      const angle = (2 * Math.PI * i) / 9;
      const r = radius * (0.4 + 0.6 * prng.uniform());
      return [cx + r * Math.cos(angle), cy + r * Math.sin(angle)];
    });
    return [...corners, [...(corners[0] ?? [])]];
  };
  return Array.from({ length: count }, (_, i) => {
    const [cx, cy, radius] = [prng.uniform() * width, prng.uniform() * height, 3 + prng.uniform() * 14];
    const hole = ring(cx, cy, radius * 0.3);
    return { geometry: { type: 'Polygon', coordinates: [ring(cx, cy, radius), hole] }, id: i + 1 };
  });
}

describe('rasterize', () => {
  it.skipIf(!hasGdal)('burns the very pixels that gdal_rasterize burns', () => {
    const shapes = stars(40);
    // GDAL works in map coordinates with y upwards: y = −row.
    const features = shapes.map(({ geometry, id }) => ({
      type: 'Feature',
      properties: { id },
      geometry: {
        type: 'Polygon',
        coordinates: (geometry.coordinates as number[][][]).map((r) => r.map(([x = 0, y = 0]) => [x, -y])),
      },
    }));
    const source = join(folder, 'stars.geojson');
    writeFileSync(source, JSON.stringify({ type: 'FeatureCollection', crs: null, features }));
    const target = join(folder, 'stars.raw');
    const bounds = ['-te', '0', `${-height}`, `${width}`, '0', '-ts', `${width}`, `${height}`];
    gdal('gdal_rasterize', '-q', '-of', 'ENVI', '-ot', 'Byte', '-a', 'id', ...bounds, source, target);
    const theirs = new Uint8Array(readFileSync(target));
    expect(theirs.some((v) => v !== 0)).toBe(true);
    expect(Uint8Array.from(rasterize(shapes, width, height))).toEqual(theirs);
  });

  it('gives every pixel of a shared edge to exactly one neighbour, also through pixel centres', () => {
    const left = {
      type: 'Polygon' as const,
      coordinates: [
        [
          [0, 0],
          [5.5, 0],
          [2.5, 10],
          [0, 10],
          [0, 0],
        ],
      ],
    };
    const right = {
      type: 'Polygon' as const,
      coordinates: [
        [
          [5.5, 0],
          [10, 0],
          [10, 10],
          [2.5, 10],
          [5.5, 0],
        ],
      ],
    };
    const counts = new Int32Array(100);
    for (const geometry of [left, right]) {
      rasterize([{ geometry, id: 1 }], 10, 10).forEach((v, i) => {
        counts[i] = (counts[i] ?? 0) + v;
      });
    }
    expect([...new Set(counts)]).toEqual([1]);
  });

  it('burns a point into its pixel and nothing outside', () => {
    const grid = rasterize(
      [
        { geometry: { type: 'Point', coordinates: [2.9, 0.1] }, id: 7 },
        { geometry: { type: 'Point', coordinates: [-0.1, 0] }, id: 8 },
      ],
      4,
      1,
    );
    expect([...grid]).toEqual([0, 0, 7, 0]);
  });
});
