import type { Areal } from '../contract/geometry.ts';
import { area, fromPolygons, orient, polygonsOf, signedRingArea } from './geometry.ts';
import { resolveEvenOdd } from './resolveEvenOdd.ts';
import { hasSelfIntersection } from './selfIntersections.ts';
import type { Feature, Geometry, Position, Ring } from './types.ts';

export interface Repaired {
  readonly features: readonly (Feature & { readonly geometry: Geometry })[];
  /** How many features were changed, with what was done. */
  readonly repaired: number;
  readonly repairs: readonly Tally[];
  /** Features left out, by reason. */
  readonly dropped: readonly Tally[];
}
export interface Tally {
  readonly reason: string;
  readonly count: number;
}

/**
 * Makes every geometry valid in the sense of Simple Features, or lists why it is left out: rings are closed, repeated
 * positions and rings without area removed, self-intersections resolved by the even-odd rule, rings oriented (outer
 * counter-clockwise; turning a ring alone is not counted as a repair).
 */
export function repair(features: readonly Feature[]): Repaired {
  const kept: (Feature & { geometry: Geometry })[] = [];
  const repairs = new Map<string, number>();
  const dropped = new Map<string, number>();
  const count = (map: Map<string, number>, reason: string) => map.set(reason, (map.get(reason) ?? 0) + 1);
  let changed = 0;
  for (const feature of features) {
    const outcome = repairGeometry(feature.geometry, feature.unread);
    if ('dropped' in outcome) {
      count(dropped, outcome.dropped);
      continue;
    }
    if (outcome.repairs.length > 0) changed += 1;
    for (const reason of new Set(outcome.repairs)) count(repairs, reason);
    kept.push({ ...feature, geometry: outcome.geometry });
  }
  return { features: kept, repaired: changed, repairs: tallies(repairs), dropped: tallies(dropped) };
}

const tallies = (map: Map<string, number>): Tally[] => [...map].map(([reason, n]) => ({ reason, count: n }));

type Outcome = { geometry: Geometry; repairs: string[] } | { dropped: string };

/** One geometry, valid, with what was done to it; or the reason why nothing of it can be used. */
export function repairGeometry(geometry: Geometry | null, unread?: string): Outcome {
  if (!geometry) return { dropped: unread ?? 'no geometry' };
  if (geometry.type === 'Point') {
    return geometry.coordinates.slice(0, 2).every(Number.isFinite) && geometry.coordinates.length >= 2
      ? { geometry: { type: 'Point', coordinates: geometry.coordinates.slice(0, 2) }, repairs: [] }
      : { dropped: 'coordinates that are not finite numbers' };
  }
  const repairs: string[] = [];
  const polygons: Ring[][] = [];
  for (const polygon of polygonsOf(geometry)) {
    const rings = polygon.map((ring) => cleanRing(ring, repairs));
    if (rings.includes('not finite')) return { dropped: 'coordinates that are not finite numbers' };
    const [outer, ...holes] = rings as (Ring | null)[];
    if (!outer) continue;
    const whole = [outer, ...holes.filter((ring): ring is Ring => ring !== null)];
    if (hasSelfIntersection(whole)) {
      const resolved = resolveEvenOdd(whole);
      if (!resolved) return { dropped: 'self-intersections that cannot be resolved' };
      repairs.push('self-intersection resolved');
      polygons.push(...resolved);
    } else {
      polygons.push(whole);
    }
  }
  if (polygons.length === 0) return { dropped: 'an area of zero' };
  const valid = orient(fromPolygons(polygons));
  return area(valid) > 0 ? { geometry: valid, repairs } : { dropped: 'an area of zero' };
}

/** Closed, without repeated positions; null when fewer than three distinct corners or no area are left. */
function cleanRing(ring: Ring, repairs: string[]): Ring | null | 'not finite' {
  if (!ring.every((p) => Number.isFinite(p[0]) && Number.isFinite(p[1]))) return 'not finite';
  const clean: Ring = [];
  for (const [x = 0, y = 0] of ring) {
    const last = clean.at(-1);
    if (last && last[0] === x && last[1] === y) repairs.push('repeated position removed');
    else clean.push([x, y]);
  }
  const first = clean[0] as Position | undefined;
  const last = clean.at(-1) as Position | undefined;
  if (first && last && (first[0] !== last[0] || first[1] !== last[1])) {
    repairs.push('ring closed');
    clean.push([...first]);
  }
  if (clean.length >= 4 && signedRingArea(clean) !== 0) return clean;
  // A figure of eight may have a shoelace area of zero and still enclose something.
  if (clean.length >= 5 && hasSelfIntersection([clean])) return clean;
  repairs.push('ring without area removed');
  return null;
}

/** An areal geometry made valid; null with the reason when nothing is left. For geometries that the user drew. */
export function repairAreal(geometry: Areal): { geometry: Areal; repairs: string[] } | { dropped: string } {
  const outcome = repairGeometry(geometry);
  if ('dropped' in outcome) return outcome;
  return outcome.geometry.type === 'Point'
    ? { dropped: 'a point where an area is needed' }
    : { geometry: outcome.geometry, repairs: outcome.repairs };
}
