import { describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import { area } from '../../electron/vector/geometry.ts';
import { repair, repairAreal } from '../../electron/vector/repair.ts';
import { hasSelfIntersection } from '../../electron/vector/selfIntersections.ts';
import type { Geometry, Ring } from '../../electron/vector/types.ts';
import { hasOgr, ogr } from '../support/ogr.ts';

const feature = (geometry: Geometry | null, unread?: string) => ({
  geometry,
  properties: {},
  ...(unread === undefined ? {} : { unread }),
});
const polygon = (...coordinates: Ring[]): Geometry => ({ type: 'Polygon', coordinates });

const good = [
  [0, 0],
  [4, 0],
  [4, 4],
  [0, 4],
  [0, 0],
];
const bowtie = [
  [0, 0],
  [4, 4],
  [4, 0],
  [0, 4],
  [0, 0],
];

describe('repair', () => {
  it('keeps what is valid, and turns rings without calling that a repair', () => {
    const result = repair([feature(polygon(good)), feature(polygon([...good].reverse()))]);
    expect(result).toMatchObject({ repaired: 0, repairs: [], dropped: [] });
    expect(result.features.map((f) => f.geometry)).toEqual([polygon(good), polygon(good)]);
  });

  it('closes rings, removes repeated positions and holes without area', () => {
    const open = good.slice(0, -1);
    const stuttering = [
      [0, 0],
      [0, 0],
      [4, 0],
      [4, 4],
      [4, 4],
      [0, 4],
      [0, 0],
    ];
    const result = repair([
      feature(polygon(open)),
      feature(polygon(stuttering)),
      feature(
        polygon(good, [
          [1, 1],
          [2, 2],
          [1, 1],
        ]),
      ),
    ]);
    expect(result.features.map((f) => f.geometry)).toEqual([polygon(good), polygon(good), polygon(good)]);
    expect(result.repaired).toBe(3);
    expect(result.repairs).toEqual([
      { reason: 'ring closed', count: 1 },
      { reason: 'repeated position removed', count: 1 },
      { reason: 'ring without area removed', count: 1 },
    ]);
  });

  it('resolves a bow tie into its two triangles', () => {
    const { features, repairs } = repair([feature(polygon(bowtie))]);
    expect(repairs).toEqual([{ reason: 'self-intersection resolved', count: 1 }]);
    const geometry = features[0]?.geometry;
    expect(geometry?.type === 'MultiPolygon' && area(geometry)).toBe(8);
  });

  it('lists what cannot be used, by reason', () => {
    const result = repair([
      feature(null),
      feature(null, 'LineString is neither an area nor a point'),
      feature(
        polygon([
          [0, 0],
          [1, 1],
          [0, 0],
        ]),
      ),
      feature(
        polygon([
          [0, 0],
          [1, Number.NaN],
          [1, 1],
          [0, 0],
        ]),
      ),
      feature({ type: 'Point', coordinates: [Infinity, 0] }),
    ]);
    expect(result.features).toEqual([]);
    expect(result.dropped).toEqual([
      { reason: 'no geometry', count: 1 },
      { reason: 'LineString is neither an area nor a point', count: 1 },
      { reason: 'an area of zero', count: 1 },
      { reason: 'coordinates that are not finite numbers', count: 2 },
    ]);
  });

  it.skipIf(!hasOgr)(
    'knows invalid rings as GEOS does, and leaves only valid ones of the same even-odd area',
    () => {
      const prng = prngFrom(17);
      // Integer corners make touching and overlapping edges common.
      const rings = Array.from({ length: 400 }, (_, i) => {
        const corners = Array.from({ length: 3 + (i % 6) }, () => [
          prng.integer(7) + 4e5,
          prng.integer(7) + 5e6,
        ]);
        return [...corners, [...(corners[0] ?? [])]];
      });
      const distinct = rings.filter((ring) =>
        ring.every((p, i) => i === 0 || p[0] !== ring[i - 1]?.[0] || p[1] !== ring[i - 1]?.[1]),
      );
      const repaired = distinct.map((ring) => repairAreal({ type: 'Polygon', coordinates: [ring] }));
      const answers = ogr<{ valid: boolean; fixed: boolean | null; area: number }[]>(
        `
def g(x): return ogr.CreateGeometryFromJson(json.dumps(x))
def odd(points, x, y):
    inside = False
    for (x1, y1), (x2, y2) in zip(points, points[1:]):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1: inside = not inside
    return inside
# GEOS cuts the plane along the ring into faces; those that are inside by the even-odd rule are summed.
def area(x):
    line = x.GetGeometryRef(0)
    points = line.GetPoints()
    noded = ogr.ForceToLineString(line.Clone()).Union(ogr.ForceToLineString(line.Clone()))
    faces = noded.Polygonize()
    inner = [faces.GetGeometryRef(i) for i in range(faces.GetGeometryCount())]
    return sum(f.Area() for f in inner if odd(points, f.PointOnSurface().GetX(), f.PointOnSurface().GetY()))
out = []
for before, after in data:
    b = g(before)
    out.append({"valid": b.IsValid(), "fixed": g(after).IsValid() if after else None, "area": area(b)})
print(json.dumps(out))`,
        distinct.map((ring, i) => {
          const after = repaired[i];
          return [
            { type: 'Polygon', coordinates: [ring] },
            after && 'geometry' in after ? after.geometry : null,
          ];
        }),
      );
      let invalid = 0;
      answers.forEach(({ valid, fixed, area: theirs }, i) => {
        const ring = distinct[i] ?? [];
        const after = repaired[i];
        const text = JSON.stringify(ring);
        if (!valid) invalid += 1;
        if (valid) expect(hasSelfIntersection([ring]), text).toBe(false);
        if (after && 'geometry' in after) {
          expect(fixed, text).toBe(true);
          expect(Math.abs(area(after.geometry) - theirs), text).toBeLessThan(1e-6);
        } else {
          expect(theirs, text).toBeLessThan(1e-9);
        }
      });
      expect(invalid).toBeGreaterThan(50);
    },
  );
});
