/**
 * Rings that cross, overlap or touch themselves as valid polygons of the same even-odd area. After noding, the edges left
 * are the boundary; each face inside is walked with itself on the left, and walks that come back to a corner are split
 * there, so that every ring is simple. Exact but for rounding crossings to 2^-25 of the extent.
 */
import { contains, signedRingArea } from './geometry.ts';
import { type Edge, latticeFor, nodeEdges, side } from './nodeEdges.ts';
import type { Ring } from './types.ts';

interface HalfEdge {
  readonly x: number;
  readonly y: number;
  readonly toX: number;
  readonly toY: number;
  readonly angle: number;
  readonly edge: Edge;
  walked: boolean;
}

/** Polygons, each the outer ring and its holes; null when the crossings cannot be resolved. */
export function resolveEvenOdd(rings: readonly Ring[]): Ring[][] | null {
  const lattice = latticeFor(rings);
  const edges = nodeEdges(rings, lattice);
  if (!edges) return null;
  const loops = walkFaces(edges).map((loop) =>
    loop.map(([x = 0, y = 0]) => [lattice.originX + x * lattice.step, lattice.originY + y * lattice.step]),
  );
  return nestLoops(loops);
}

const cornerKey = (x: number, y: number) => `${x} ${y}`;

function walkFaces(edges: readonly Edge[]): Ring[] {
  const from = new Map<string, HalfEdge[]>();
  const add = (x: number, y: number, toX: number, toY: number, edge: Edge): HalfEdge => {
    const half = { x, y, toX, toY, angle: Math.atan2(toY - y, toX - x), edge, walked: false };
    const key = cornerKey(x, y);
    from.set(key, [...(from.get(key) ?? []), half]);
    return half;
  };
  const halves = edges.flatMap((e) => [add(e.ax, e.ay, e.bx, e.by, e), add(e.bx, e.by, e.ax, e.ay, e)]);
  const loops: Ring[] = [];
  for (const start of halves) {
    // Level edges are met on the way: every ring has others.
    if (start.walked || start.y === start.toY || !hasInsideOnLeft(start, edges)) continue;
    loops.push(...splitAtRepeats(walk(start, from)));
  }
  return loops;
}

/** Crossings of the ray to the right of the edge's middle, counted in doubled coordinates to stay exact. */
function hasInsideOnLeft(half: HalfEdge, edges: readonly Edge[]): boolean {
  const x = half.x + half.toX;
  const y = half.y + half.toY;
  let crossings = 0;
  for (const edge of edges) {
    if (edge === half.edge) continue;
    const doubled = { ax: 2 * edge.ax, ay: 2 * edge.ay, bx: 2 * edge.bx, by: 2 * edge.by };
    if (doubled.ay > y === doubled.by > y) continue;
    const upwards = doubled.by > doubled.ay;
    if (side(doubled, x, y) > 0 === upwards) crossings += 1;
  }
  const insideOnRightHand = crossings % 2 === 1;
  // The ray tells what lies to the right on the page: the left of the edge when it runs down.
  return half.toY > half.y ? !insideOnRightHand : insideOnRightHand;
}

/** The walk around the face on the left: at each corner the sharpest turn to the left. */
function walk(start: HalfEdge, from: ReadonlyMap<string, readonly HalfEdge[]>): [number, number][] {
  const corners: [number, number][] = [];
  let half = start;
  do {
    half.walked = true;
    corners.push([half.x, half.y]);
    const back = Math.atan2(half.y - half.toY, half.x - half.toX);
    const options = from.get(cornerKey(half.toX, half.toY)) ?? [];
    half = options.reduce((best, option) => (turn(back, option) < turn(back, best) ? option : best));
  } while (half !== start && !half.walked);
  return corners;
}

/** Clockwise angle from the way back; the way back itself comes last. */
function turn(back: number, option: HalfEdge): number {
  const angle = (back - option.angle + 4 * Math.PI) % (2 * Math.PI);
  return angle === 0 ? 2 * Math.PI : angle;
}

/** Simple closed loops out of a walk that may pass a corner more than once. */
function splitAtRepeats(corners: [number, number][]): Ring[] {
  const loops: Ring[] = [];
  const open: [number, number][] = [];
  const at = new Map<string, number>();
  for (const corner of [...corners, corners[0] ?? [0, 0]]) {
    const key = cornerKey(corner[0], corner[1]);
    const before = at.get(key);
    if (before !== undefined) {
      const loop = open.splice(before);
      for (const [x, y] of loop) at.delete(cornerKey(x, y));
      loops.push([...loop.map((c) => [...c]), [...corner]]);
    }
    at.set(key, open.length);
    open.push(corner);
  }
  return loops;
}

/** Counter-clockwise loops are outer rings; each other one is a hole of the smallest that holds it. */
function nestLoops(loops: readonly Ring[]): Ring[][] {
  const outers = loops
    .filter((loop) => signedRingArea(loop) > 0)
    .map((ring) => ({ polygon: [ring], size: signedRingArea(ring) }))
    .sort((a, b) => a.size - b.size);
  for (const hole of loops) {
    const size = -signedRingArea(hole);
    if (size <= 0) continue;
    const [a = [], b = []] = hole;
    const [x, y] = [((a[0] ?? 0) + (b[0] ?? 0)) / 2, ((a[1] ?? 0) + (b[1] ?? 0)) / 2];
    const home = outers.find(
      (outer) =>
        outer.size > size && contains({ type: 'Polygon', coordinates: outer.polygon.slice(0, 1) }, x, y),
    );
    home?.polygon.push(hole);
  }
  return outers.map(({ polygon }) => polygon);
}
