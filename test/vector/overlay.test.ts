/** Against GEOS (through GDAL's Python), and against the law of areas: |A| + |B| = |A ∪ B| + |A ∩ B|. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import type { Areal } from '../../electron/contract/geometry.ts';
import { area, contains } from '../../electron/vector/geometry.ts';
import { difference, intersection, union } from '../../electron/vector/overlay.ts';
import { hasSelfIntersection } from '../../electron/vector/selfIntersections.ts';
import { splitAlong } from '../../electron/vector/split.ts';
import { strokeArea } from '../../electron/vector/stroke.ts';
import { hasGdal } from '../support/gdal.ts';
import { square } from '../support/labels.ts';

/** A star with random spikes: concave, and its edges meet others at all angles. */
function star(seed: number, x: number, y: number, corners = 24): Areal {
  const prng = prngFrom(seed);
  const ring = Array.from({ length: corners }, (_, i) => {
    const angle = (i * 2 * Math.PI) / corners;
    const radius = 20 + 60 * prng.uniform();
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
  return { type: 'Polygon', coordinates: [[...ring, ring[0] ?? []]] };
}

const areaOf = (shape: Areal | null) => (shape ? area(shape) : 0);
const rings = (shape: Areal | null) =>
  shape ? (shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates) : [];

/** Areas of union, difference and intersection by GEOS. */
function byGeos(pairs: readonly (readonly [Areal, Areal])[]): number[][] {
  const script = `
import json, sys
from osgeo import ogr
for a, b in json.load(sys.stdin):
    a, b = (ogr.CreateGeometryFromJson(json.dumps(g)) for g in (a, b))
    print(json.dumps([a.Union(b).GetArea(), a.Difference(b).GetArea(), a.Intersection(b).GetArea()]))
`;
  const out = execFileSync('/usr/bin/python3', ['-c', script], {
    input: JSON.stringify(pairs),
    encoding: 'utf8',
  });
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as number[]);
}

describe('overlay', () => {
  const pairs = Array.from({ length: 12 }, (_, i): readonly [Areal, Areal] => [
    star(i, 500_000, 5_400_000),
    star(100 + i, 500_000 + 8 * i, 5_400_000 + 3 * i),
  ]);

  it('has the areas that GEOS gives', ({ skip }) => {
    if (!hasGdal) skip('GDAL is not installed');
    const expected = byGeos(pairs);
    for (const [i, [a, b]] of pairs.entries()) {
      const found = [union([a, b]), difference(a, b), intersection(a, b)];
      for (const [k, shape] of found.entries()) {
        const wanted = expected[i]?.[k] ?? Number.NaN;
        expect(Math.abs(areaOf(shape) - wanted), `pair ${i}, operation ${k}`).toBeLessThan(
          1e-4 * wanted + 1e-3,
        );
        for (const polygon of rings(shape)) expect(hasSelfIntersection(polygon)).toBe(false);
      }
    }
  });

  it('keeps a place exactly when the operation says so', () => {
    const prng = prngFrom(9);
    for (const [a, b] of pairs) {
      const [joined, left] = [union([a, b]), difference(a, b)];
      for (let i = 0; i < 200; i += 1) {
        const [x, y] = [500_000 + 160 * (prng.uniform() - 0.5), 5_400_000 + 160 * (prng.uniform() - 0.5)];
        const [inA, inB] = [contains(a, x, y), contains(b, x, y)];
        expect(joined !== null && contains(joined, x, y)).toBe(inA || inB);
        expect(left !== null && contains(left, x, y)).toBe(inA && !inB);
      }
    }
  });

  it('joins neighbours along a shared edge, and leaves nothing of a field that is wholly taken', () => {
    expect(union([square(0, 0), square(10, 0)])).toEqual({
      type: 'Polygon',
      coordinates: [
        expect.arrayContaining([
          [0, 0],
          [20, 10],
        ]),
      ],
    });
    expect(difference(square(2, 2, 4), square(0, 0))).toBeNull();
    const ring = difference(square(0, 0), square(3, 3, 4));
    expect(rings(ring)[0]).toHaveLength(2);
    expect(areaOf(ring)).toBe(84);
  });
});

describe('a stroke', () => {
  it('holds what is nearer to the line than the radius, and nothing else', () => {
    const line = [
      [0, 0],
      [40, 0],
      [40, 30],
      [10, 30],
      [10, -10],
    ];
    const painted = strokeArea(line, 5);
    const prng = prngFrom(4);
    for (let i = 0; i < 2000; i += 1) {
      const [x, y] = [60 * prng.uniform() - 10, 60 * prng.uniform() - 20];
      const near = Math.min(...line.slice(1).map((b, k) => distance(line[k] ?? [], b, x, y)));
      if (Math.abs(near - 5) > 0.1) expect(contains(painted, x, y), `${x} ${y}`).toBe(near < 5);
    }
  });

  it('is a dot where the pointer did not move', () => {
    expect(areaOf(strokeArea([[7, 7]], 3))).toBeCloseTo(12 * Math.sin(Math.PI / 12) * 9, 4);
  });
});

function distance([ax = 0, ay = 0]: number[], [bx = 0, by = 0]: number[], x: number, y: number): number {
  const square = (bx - ax) ** 2 + (by - ay) ** 2;
  const share = Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / square));
  return Math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay));
}

describe('a split', () => {
  it('cuts along the line and loses nothing', () => {
    const parts = splitAlong(square(0, 0), [
      [3, -2],
      [3, 12],
    ]);
    expect(parts.map(area)).toEqual([70, 30]);
  });

  it('goes on beyond the ends of a line that stops inside', () => {
    expect(
      splitAlong(square(0, 0), [
        [2, 2],
        [8, 8],
      ]).map(area),
    ).toEqual([50, 50]);
  });

  it('gives every part of a winding cut, and one for a cut that misses', () => {
    const winding = [
      [-1, 2],
      [11, 2],
      [11, 5],
      [-1, 5],
    ];
    expect(splitAlong(square(0, 0), winding).map((part) => Math.round(area(part)))).toEqual([50, 30, 20]);
    expect(
      splitAlong(square(0, 0), [
        [-5, -1],
        [20, -1],
      ]),
    ).toHaveLength(1);
  });
});
