import type { Areal, Extent } from '../contract/geometry.ts';
import type { Geometry, Position, Ring, Transform } from './types.ts';

/** Polygons of an areal geometry, each as its rings: the outer one first, then the holes. */
export function polygonsOf(areal: Areal): Ring[][] {
  return areal.type === 'Polygon' ? [areal.coordinates] : areal.coordinates;
}

/** One polygon stays a Polygon, several become a MultiPolygon. */
export function fromPolygons(polygons: Ring[][]): Areal {
  const [first] = polygons;
  return polygons.length === 1 && first
    ? { type: 'Polygon', coordinates: first }
    : { type: 'MultiPolygon', coordinates: polygons };
}

/**
 * Area of a ring by the shoelace formula, positive when it runs counter-clockwise with y upwards. Coordinates are taken
 * from the first position, so that large eastings and northings do not cost digits.
 */
export function signedRingArea(ring: Ring): number {
  const [x0 = 0, y0 = 0] = ring[0] ?? [];
  let twice = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    const a = ring[i] as Position;
    const b = ring[i + 1] as Position;
    twice += at(a, 0, x0) * at(b, 1, y0) - at(b, 0, x0) * at(a, 1, y0);
  }
  return twice / 2;
}

const at = (position: Position, axis: 0 | 1, origin: number) => (position[axis] ?? Number.NaN) - origin;

/** Area in squared units of the coordinates: outer rings less their holes. */
export function area(areal: Areal): number {
  let sum = 0;
  for (const polygon of polygonsOf(areal)) {
    polygon.forEach((ring, i) => {
      sum += (i === 0 ? 1 : -1) * Math.abs(signedRingArea(ring));
    });
  }
  return sum;
}

/** minx, miny, maxx, maxy of all positions; null when there are none. */
export function boundsOf(geometry: Geometry): Extent | null {
  let [minx, miny, maxx, maxy] = [Infinity, Infinity, -Infinity, -Infinity];
  forEachPosition(geometry, (x, y) => {
    minx = Math.min(minx, x);
    miny = Math.min(miny, y);
    maxx = Math.max(maxx, x);
    maxy = Math.max(maxy, y);
  });
  return minx <= maxx && miny <= maxy ? [minx, miny, maxx, maxy] : null;
}

export function overlaps(a: Extent, b: Extent): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}

export function forEachPosition(geometry: Geometry, visit: (x: number, y: number) => void): void {
  if (geometry.type === 'Point') {
    visit(geometry.coordinates[0] ?? Number.NaN, geometry.coordinates[1] ?? Number.NaN);
    return;
  }
  for (const polygon of polygonsOf(geometry)) {
    for (const ring of polygon) {
      for (const position of ring) visit(position[0] ?? Number.NaN, position[1] ?? Number.NaN);
    }
  }
}

/** Even-odd test by counting crossings of the ray to the right; a point on an edge may fall on either side. */
export function contains(areal: Areal, x: number, y: number): boolean {
  return polygonsOf(areal).some((polygon) => {
    let inside = false;
    for (const ring of polygon) {
      for (let i = 0; i + 1 < ring.length; i++) {
        const [x1 = 0, y1 = 0] = ring[i] as Position;
        const [x2 = 0, y2 = 0] = ring[i + 1] as Position;
        if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
      }
    }
    return inside;
  });
}

/** Outer rings counter-clockwise and holes clockwise with y upwards, as GeoJSON and OGC ask. */
export function orient(areal: Areal): Areal {
  return fromPolygonsLike(
    areal,
    polygonsOf(areal).map((polygon) =>
      polygon.map((ring, i) => (signedRingArea(ring) >= 0 === (i === 0) ? ring : ring.slice().reverse())),
    ),
  );
}

/** The geometry with every position sent through `transform`: the door to other coordinate systems. */
export function mapPositions<G extends Geometry>(geometry: G, transform: Transform): G;
export function mapPositions(geometry: Geometry, transform: Transform): Geometry {
  const move = (p: Position): Position => [...transform(p[0] ?? Number.NaN, p[1] ?? Number.NaN)];
  if (geometry.type === 'Point') return { type: 'Point', coordinates: move(geometry.coordinates) };
  return fromPolygonsLike(
    geometry,
    polygonsOf(geometry).map((polygon) => polygon.map((ring) => ring.map(move))),
  );
}

function fromPolygonsLike(like: Areal, polygons: Ring[][]): Areal {
  return like.type === 'Polygon' ? fromPolygons(polygons) : { type: 'MultiPolygon', coordinates: polygons };
}

/** A rectangle as a polygon. */
export function rectangle([minx, miny, maxx, maxy]: Extent): Areal {
  return {
    type: 'Polygon',
    coordinates: [
      [
        [minx, miny],
        [maxx, miny],
        [maxx, maxy],
        [minx, maxy],
        [minx, miny],
      ],
    ],
  };
}
