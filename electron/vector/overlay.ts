/**
 * Union, difference and the like of areas: all boundaries are noded together, an edge stays when what lies on one of its
 * sides belongs to the result and what lies on the other does not, and the polygons within those left are the answer.
 */
import { AppError } from '../base/errors.ts';
import type { Areal } from '../contract/geometry.ts';
import { fromPolygons, polygonsOf } from './geometry.ts';
import { type Edge, latticeFor, nodeEdges, side } from './nodeEdges.ts';
import { polygonsWithin } from './resolveEvenOdd.ts';

/**
 * The area of all places of which `belongs` says so, told for each shape whether it holds the place; null when there is
 * none. Corners are rounded to 2^-25 of the extent. Errors: `bad-input` when the crossings cannot be resolved.
 */
export function overlay(
  shapes: readonly Areal[],
  belongs: (within: readonly boolean[]) => boolean,
): Areal | null {
  const rings = shapes.map((shape) => polygonsOf(shape).flat());
  const lattice = latticeFor(rings.flat());
  const edges = nodeEdges(rings, lattice);
  if (!edges) {
    throw new AppError('bad-input', 'The outlines cross too often to be combined', {
      remedy: 'Simplify the fields, or combine fewer at a time.',
    });
  }
  const boundary = edges.filter((edge) => {
    const beyond = insideBeyond(edge, edges, shapes.length);
    const before = beyond.map((inside, i) => inside !== edge.owners.includes(i));
    return belongs(beyond) !== belongs(before);
  });
  const polygons = polygonsWithin(boundary, lattice);
  return polygons.length > 0 ? fromPolygons(polygons) : null;
}

export function union(shapes: readonly Areal[]): Areal | null {
  return overlay(shapes, (within) => within.includes(true));
}

export function difference(from: Areal, taken: Areal): Areal | null {
  return overlay([from, taken], ([inside = false, gone = false]) => inside && !gone);
}

export function intersection(a: Areal, b: Areal): Areal | null {
  return overlay([a, b], ([first = false, second = false]) => first && second);
}

/**
 * Which shapes hold the place just right of the edge's middle (above it, for a level edge): crossings of the ray that
 * goes on from there, in doubled coordinates to stay exact.
 */
function insideBeyond(edge: Edge, edges: readonly Edge[], shapes: number): boolean[] {
  const inside = new Array<boolean>(shapes).fill(false);
  const level = edge.ay === edge.by;
  const along = level ? edge.ay + edge.by : edge.ax + edge.bx;
  const across = level ? edge.ax + edge.bx : edge.ay + edge.by;
  for (const other of edges) {
    const [low, high] = level ? [2 * other.ax, 2 * other.bx] : [2 * other.ay, 2 * other.by];
    if (other === edge || low > across === high > across) continue;
    const [fromLow, fromHigh] = level ? [2 * other.ay, 2 * other.by] : [2 * other.ax, 2 * other.bx];
    const turned = { ax: fromLow, ay: low, bx: fromHigh, by: high };
    if (side(turned, along, across) > 0 !== high > low) continue;
    for (const owner of other.owners) inside[owner] = !inside[owner];
  }
  return inside;
}
