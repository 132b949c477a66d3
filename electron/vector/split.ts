import type { Areal } from '../contract/geometry.ts';
import { area, boundsOf, polygonsOf } from './geometry.ts';
import { difference, intersection } from './overlay.ts';
import type { Position, Ring } from './types.ts';

/** Parts below this share of the whole are rounding, not fields. */
const smallest = 1e-7;

/**
 * The polygons that a line cuts an area into, the largest first; the line goes straight on beyond its ends. One polygon
 * when it misses the area. Errors: `bad-input` when the outlines cannot be resolved.
 */
export function splitAlong(areal: Areal, line: readonly Position[]): Areal[] {
  const half = sideOf(areal, line);
  if (!half) return [areal];
  return [intersection(areal, half), difference(areal, half)]
    .flatMap((part) => (part ? polygonsOf(part) : []))
    .map((coordinates): Areal => ({ type: 'Polygon', coordinates }))
    .map((polygon) => ({ polygon, size: area(polygon) }))
    .filter(({ size }) => size > smallest * area(areal))
    .sort((a, b) => b.size - a.size)
    .map(({ polygon }) => polygon);
}

/** What lies on one side of the line, closed by a way around the area; null for a line without direction. */
function sideOf(areal: Areal, line: readonly Position[]): Areal | null {
  const bounds = boundsOf({ type: 'MultiPolygon', coordinates: [...polygonsOf(areal), [[...line]]] });
  const distinct = line.filter(([x, y], i) => i === 0 || x !== line[i - 1]?.[0] || y !== line[i - 1]?.[1]);
  const [first, second] = distinct;
  const [last, before] = [distinct.at(-1), distinct.at(-2)];
  if (!bounds || !first || !second || !last || !before) return null;
  const [centreX, centreY] = [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2];
  const reach = 4 * Math.max(bounds[2] - bounds[0], bounds[3] - bounds[1]);
  const start = beyond(second, first, reach);
  const end = beyond(before, last, reach);
  const angleOf = ([x = 0, y = 0]: Position) => Math.atan2(y - centreY, x - centreX);
  const from = angleOf(end);
  const turn = (((angleOf(start) - from) % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI);
  const steps = Math.ceil(turn / (Math.PI / 4));
  const around: Ring = Array.from({ length: Math.max(0, steps - 1) }, (_, i) => {
    const angle = from + ((i + 1) * turn) / steps;
    return [centreX + reach * Math.cos(angle), centreY + reach * Math.sin(angle)];
  });
  return { type: 'Polygon', coordinates: [[start, ...distinct, end, ...around, start]] };
}

/** The position that a line reaches when it goes on straight past its end. */
function beyond([fromX = 0, fromY = 0]: Position, [x = 0, y = 0]: Position, reach: number): Position {
  const length = Math.hypot(x - fromX, y - fromY);
  return [x + ((x - fromX) / length) * reach, y + ((y - fromY) / length) * reach];
}
