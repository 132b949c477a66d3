import type { Position, Ring } from './types.ts';

interface Segment {
  readonly ax: number;
  readonly ay: number;
  readonly bx: number;
  readonly by: number;
  readonly minx: number;
  readonly maxx: number;
  readonly ring: number;
  readonly index: number;
  /** Segments of its ring, to know which ones are neighbours around the closing point. */
  readonly of: number;
}

/**
 * Whether any two edges of a polygon cross, overlap, or (within one ring) touch. Edges are swept by their left end; only
 * those whose x-ranges overlap are compared, O(n log n + pairs). Rings must be closed and free of repeated positions.
 * Two rings may touch in a point: Simple Features allows that.
 */
export function hasSelfIntersection(polygon: readonly Ring[]): boolean {
  const segments = polygon.flatMap(toSegments).sort((a, b) => a.minx - b.minx);
  let active: Segment[] = [];
  for (const segment of segments) {
    active = active.filter((other) => other.maxx >= segment.minx);
    if (active.some((other) => conflict(segment, other))) return true;
    active.push(segment);
  }
  return false;
}

function toSegments(ring: Ring, ringIndex: number): Segment[] {
  const of = ring.length - 1;
  return Array.from({ length: Math.max(0, of) }, (_, index) => {
    const [ax = 0, ay = 0] = ring[index] as Position;
    const [bx = 0, by = 0] = ring[index + 1] as Position;
    return { ax, ay, bx, by, minx: Math.min(ax, bx), maxx: Math.max(ax, bx), ring: ringIndex, index, of };
  });
}

function conflict(s: Segment, t: Segment): boolean {
  if (Math.max(s.ay, s.by) < Math.min(t.ay, t.by) || Math.max(t.ay, t.by) < Math.min(s.ay, s.by))
    return false;
  const d1 = side(s, t.ax, t.ay);
  const d2 = side(s, t.bx, t.by);
  const d3 = side(t, s.ax, s.ay);
  const d4 = side(t, s.bx, s.by);
  if (d1 * d2 < 0 && d3 * d4 < 0) return true;
  if (d1 === 0 && d2 === 0) return overlapOnLine(s, t);
  if (s.ring !== t.ring) return false;
  const gap = Math.abs(s.index - t.index);
  if (gap === 1 || gap === s.of - 1) return false;
  return (
    (d1 === 0 && within(s, t.ax, t.ay)) ||
    (d2 === 0 && within(s, t.bx, t.by)) ||
    (d3 === 0 && within(t, s.ax, s.ay)) ||
    (d4 === 0 && within(t, s.bx, s.by))
  );
}

/** Sign of the side of s on which the point lies; differences first, so that eastings do not cost digits. */
function side(s: Segment, x: number, y: number): number {
  return Math.sign((s.bx - s.ax) * (y - s.ay) - (s.by - s.ay) * (x - s.ax));
}

function within(s: Segment, x: number, y: number): boolean {
  return x >= s.minx && x <= s.maxx && y >= Math.min(s.ay, s.by) && y <= Math.max(s.ay, s.by);
}

/** Collinear edges conflict when they share more than a point. */
function overlapOnLine(s: Segment, t: Segment): boolean {
  const vertical = s.minx === s.maxx;
  const [s0, s1] = vertical ? sorted(s.ay, s.by) : [s.minx, s.maxx];
  const [t0, t1] = vertical ? sorted(t.ay, t.by) : [t.minx, t.maxx];
  return Math.min(s1, t1) > Math.max(s0, t0);
}

const sorted = (a: number, b: number): [number, number] => (a < b ? [a, b] : [b, a]);
