import type { Ring } from './types.ts';

/** Corners on an integer lattice of 2^25 steps across, so that orientations are exact in doubles. */
export interface Lattice {
  readonly originX: number;
  readonly originY: number;
  /** A power of two: lattice positions are exact coordinates. */
  readonly step: number;
}
export interface Edge {
  readonly ax: number;
  readonly ay: number;
  readonly bx: number;
  readonly by: number;
  /** Numbers of the shapes that it is a boundary of, ascending. */
  readonly owners: readonly number[];
}

export function latticeFor(rings: readonly Ring[]): Lattice {
  let [minx, miny, maxx, maxy] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (const [x = 0, y = 0] of ring) {
      [minx, miny, maxx, maxy] = [Math.min(minx, x), Math.min(miny, y), Math.max(maxx, x), Math.max(maxy, y)];
    }
  }
  const largest = Math.max(Math.abs(minx), Math.abs(miny), Math.abs(maxx), Math.abs(maxy));
  const extent = Math.max(maxx - minx, maxy - miny);
  const step = 2 ** Math.ceil(Math.log2(Math.max(extent * 2 ** -25, largest * 2 ** -50)));
  return { originX: Math.floor(minx / step) * step, originY: Math.floor(miny / step) * step, step };
}

/** More rounds than any input has needed; each adds corners of a finite lattice. */
const maxRounds = 50;
/** A ring that crosses itself tens of thousands of times is a scribble, not a field. */
const maxEdges = 50_000;

/**
 * Edges of all shapes, each the rings of one, cut wherever two meet, so that they share nothing but corners; an edge that
 * occurs an even number of times in a shape is none of its. Under the even-odd rule those left are exactly the boundaries.
 * Crossings are rounded to the lattice, which may cause new ones: repeated until none is left; null when that does not end
 * or the edges become too many.
 */
export function nodeEdges(shapes: readonly (readonly Ring[])[], lattice: Lattice): Edge[] | null {
  const snap = (v: number, origin: number) => Math.round((v - origin) / lattice.step);
  const raw: Edge[] = [];
  for (const [owner, rings] of shapes.entries()) {
    const owners = [owner];
    for (const ring of rings) {
      for (let i = 0; i + 1 < ring.length; i++) {
        const [ax = 0, ay = 0] = ring[i] ?? [];
        const [bx = 0, by = 0] = ring[i + 1] ?? [];
        raw.push({
          ax: snap(ax, lattice.originX),
          ay: snap(ay, lattice.originY),
          bx: snap(bx, lattice.originX),
          by: snap(by, lattice.originY),
          owners,
        });
      }
    }
  }
  let edges = cancelPairs(raw);
  for (let round = 0; round < maxRounds; round++) {
    const cut = cutOnce(edges);
    if (!cut) return edges;
    edges = cancelPairs(cut);
    if (edges.length > maxEdges) return null;
  }
  return null;
}

/** Each edge once, lower left end first, owned by the shapes in which it is odd; those without length or owner are dropped. */
function cancelPairs(edges: readonly Edge[]): Edge[] {
  const known = new Map<string, Edge>();
  for (const { ax, ay, bx, by, owners } of edges) {
    if (ax === bx && ay === by) continue;
    const forwards = ax < bx || (ax === bx && ay < by);
    const edge = forwards ? { ax, ay, bx, by, owners } : { ax: bx, ay: by, bx: ax, by: ay, owners };
    const key = `${edge.ax} ${edge.ay} ${edge.bx} ${edge.by}`;
    const before = known.get(key);
    const left = before ? inOne(before.owners, owners) : owners;
    if (left.length === 0) known.delete(key);
    else known.set(key, left === owners ? edge : { ...edge, owners: left });
  }
  return [...known.values()];
}

/** Members of one list and not of both. */
function inOne(a: readonly number[], b: readonly number[]): number[] {
  return [...a.filter((v) => !b.includes(v)), ...b.filter((v) => !a.includes(v))].sort((x, y) => x - y);
}

/** Every edge cut at its meetings with others; null when no two meet but at their ends. */
function cutOnce(edges: Edge[]): Edge[] | null {
  const sorted = [...edges].sort((a, b) => a.ax - b.ax);
  const cuts = new Map<Edge, [number, number][]>();
  let active: Edge[] = [];
  for (const edge of sorted) {
    active = active.filter((other) => other.bx >= edge.ax);
    for (const other of active) meet(edge, other, cuts);
    active.push(edge);
  }
  if (cuts.size === 0) return null;
  return edges.flatMap((edge) => {
    const points = cuts.get(edge);
    return points ? pieces(edge, points) : [edge];
  });
}

function meet(s: Edge, t: Edge, cuts: Map<Edge, [number, number][]>): void {
  if (Math.max(s.ay, s.by) < Math.min(t.ay, t.by) || Math.max(t.ay, t.by) < Math.min(s.ay, s.by)) return;
  const ta = side(s, t.ax, t.ay);
  const tb = side(s, t.bx, t.by);
  const sa = side(t, s.ax, s.ay);
  const sb = side(t, s.bx, s.by);
  if (ta === 0) cutAt(s, t.ax, t.ay, cuts);
  if (tb === 0) cutAt(s, t.bx, t.by, cuts);
  if (sa === 0) cutAt(t, s.ax, s.ay, cuts);
  if (sb === 0) cutAt(t, s.bx, s.by, cuts);
  if (Math.sign(ta) * Math.sign(tb) < 0 && Math.sign(sa) * Math.sign(sb) < 0) {
    const share = sa / (sa - sb);
    const x = Math.round(s.ax + share * (s.bx - s.ax));
    const y = Math.round(s.ay + share * (s.by - s.ay));
    cutAt(s, x, y, cuts);
    cutAt(t, x, y, cuts);
  }
}

/** Twice the area of the triangle edge-point: positive on the left. Exact on the lattice. */
export function side({ ax, ay, bx, by }: Omit<Edge, 'owners'>, x: number, y: number): number {
  return (bx - ax) * (y - ay) - (by - ay) * (x - ax);
}

/** Notes a cut, unless it lies at an end of the edge or beyond. */
function cutAt(edge: Edge, x: number, y: number, cuts: Map<Edge, [number, number][]>): void {
  const { ax, ay, bx, by } = edge;
  if ((x === ax && y === ay) || (x === bx && y === by)) return;
  if (x < ax || x > bx || y < Math.min(ay, by) || y > Math.max(ay, by)) return;
  const list = cuts.get(edge) ?? [];
  list.push([x, y]);
  cuts.set(edge, list);
}

function pieces({ ax, ay, bx, by, owners }: Edge, points: [number, number][]): Edge[] {
  const along = ([x, y]: [number, number]) => (x - ax) * (bx - ax) + (y - ay) * (by - ay);
  const corners: [number, number][] = [[ax, ay], ...points.sort((p, q) => along(p) - along(q)), [bx, by]];
  return corners.slice(1).map(([x, y], i) => {
    const [px, py] = corners[i] ?? [ax, ay];
    return { ax: px, ay: py, bx: x, by: y, owners };
  });
}
