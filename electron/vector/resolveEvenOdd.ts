/**
 * Rings that cross, overlap or touch themselves as valid polygons of the same even-odd area. After noding, the edges left
 * are the boundary; each face inside is walked with itself on the left, and walks that come back to a corner are split
 * there, so that every ring is simple. Exact but for rounding crossings to 2^-25 of the extent.
 */
import { contains, signedRingArea } from './geometry.ts';
import { type Edge, type Lattice, latticeFor, nodeEdges, side } from './nodeEdges.ts';
import type { Ring } from './types.ts';

interface HalfEdge {
  readonly x: number;
  readonly y: number;
  readonly toX: number;
  readonly toY: number;
  readonly angle: number;
  readonly edge: Edge;
  /** Whether the face on its left is inside; undefined until known. */
  inside: boolean | undefined;
  walked: boolean;
}

/** Half-edges by the corner they leave, counter-clockwise. */
type Fans = ReadonlyMap<string, readonly HalfEdge[]>;

/** Polygons, each the outer ring and its holes; null when the crossings cannot be resolved. */
export function resolveEvenOdd(rings: readonly Ring[]): Ring[][] | null {
  const lattice = latticeFor(rings);
  const edges = nodeEdges([rings], lattice);
  return edges && polygonsWithin(edges, lattice);
}

/** The polygons whose boundary noded edges are, under the even-odd rule. */
export function polygonsWithin(edges: readonly Edge[], lattice: Lattice): Ring[][] {
  const loops = walkFaces(edges).map((loop) =>
    loop.map(([x = 0, y = 0]) => [lattice.originX + x * lattice.step, lattice.originY + y * lattice.step]),
  );
  return nestLoops(loops);
}

const cornerKey = (x: number, y: number) => `${x} ${y}`;

function walkFaces(edges: readonly Edge[]): Ring[] {
  const fans = makeFans(edges);
  for (const fan of fans.values()) {
    // Level edges are told by others: every connected part has some that rise.
    const start = fan.find((half) => half.y !== half.toY);
    if (start && start.inside === undefined) spread(start, hasInsideOnLeft(start, edges), fans);
  }
  return [...fans.values()]
    .flat()
    .flatMap((half) => (half.inside && !half.walked ? splitAtRepeats(walk(half, fans)) : []));
}

function makeFans(edges: readonly Edge[]): Fans {
  const fans = new Map<string, HalfEdge[]>();
  const add = (x: number, y: number, toX: number, toY: number, edge: Edge) => {
    const angle = Math.atan2(toY - y, toX - x);
    const half = { x, y, toX, toY, angle, edge, inside: undefined, walked: false };
    const fan = fans.get(cornerKey(x, y));
    if (fan) fan.push(half);
    else fans.set(cornerKey(x, y), [half]);
  };
  for (const edge of edges) {
    add(edge.ax, edge.ay, edge.bx, edge.by, edge);
    add(edge.bx, edge.by, edge.ax, edge.ay, edge);
  }
  for (const fan of fans.values()) fan.sort((a, b) => a.angle - b.angle);
  return fans;
}

/** Inside and outside alternate around a corner, and lie on the two sides of an edge: one answer tells a connected part. */
function spread(start: HalfEdge, inside: boolean, fans: Fans): void {
  const pending: { half: HalfEdge; inside: boolean }[] = [{ half: start, inside }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.half.inside !== undefined) continue;
    const fan = fans.get(cornerKey(next.half.x, next.half.y)) ?? [];
    const from = fan.indexOf(next.half);
    for (const [i, half] of fan.entries()) {
      half.inside = (i - from) % 2 === 0 ? next.inside : !next.inside;
      const twin = fans.get(cornerKey(half.toX, half.toY))?.find((other) => other.edge === half.edge);
      if (twin && twin.inside === undefined) pending.push({ half: twin, inside: !half.inside });
    }
  }
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
function walk(start: HalfEdge, fans: Fans): [number, number][] {
  const corners: [number, number][] = [];
  let half = start;
  do {
    half.walked = true;
    corners.push([half.x, half.y]);
    const back = Math.atan2(half.y - half.toY, half.x - half.toX);
    const options = fans.get(cornerKey(half.toX, half.toY)) ?? [];
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
