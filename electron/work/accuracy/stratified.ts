/**
 * Design-based estimates from a stratified random sample: Stehman (2014), "Estimating area and map accuracy for
 * stratified random sampling when the strata are different from the map classes", Int. J. Remote Sens. 35, eq. 1–31.
 * Where the strata are the map's classes it gives the estimates of Olofsson et al. (2014), so one engine serves both.
 *
 * Every figure is a ratio R = Y/X of two stratified totals, with variance
 *   V(R) = (1/X²) Σ_h N_h² (s²_y + R² s²_x − 2 R s_xy) / n_h.
 * The finite population correction (1 − n_h/N_h) is left out, as in both papers' worked examples: samples are a tiny
 * share of a scene, and without it the interval can only be a little too wide.
 */
import { must } from '../../base/assert.ts';
import type { Confusion } from './confusion.ts';

/** `count` sampled units of one stratum for which the map says `map` and the reference `reference`. */
export interface SampleCount {
  readonly stratum: number;
  readonly map: number;
  readonly reference: number;
  readonly count: number;
}

/** `se` is null where a stratum with a single unit makes the variance unknowable ("n too small", not zero). */
export interface Estimate {
  readonly value: number;
  readonly se: number | null;
}

export interface ClassEstimates {
  readonly code: number;
  readonly users: Estimate | null;
  readonly producers: Estimate | null;
  readonly f1: Estimate | null;
  /** Share of the whole area that truly is this class. */
  readonly share: Estimate;
}

export interface StratifiedEstimates {
  readonly oa: Estimate;
  readonly classes: readonly ClassEstimates[];
}

/** Half-width of the 95 % interval, the factor that Olofsson et al. use. */
export const z95 = 1.96;

type Score = (unit: SampleCount) => number;

/** R = Σy / Σx over the strata with its standard error; null when Σx is 0. */
function ratio(
  sample: readonly SampleCount[],
  sizes: ReadonlyMap<number, number>,
  y: Score,
  x: Score,
): Estimate | null {
  const strata = [...Map.groupBy(sample, (unit) => unit.stratum)].map(([stratum, units]) => {
    const n = units.reduce((sum, u) => sum + u.count, 0);
    const mean = (score: Score) => units.reduce((sum, u) => sum + u.count * score(u), 0) / n;
    return { units, n, size: must(sizes.get(stratum), `size of stratum ${stratum}`), y: mean(y), x: mean(x) };
  });
  const totalX = strata.reduce((sum, s) => sum + s.size * s.x, 0);
  if (totalX === 0) return null;
  const value = strata.reduce((sum, s) => sum + s.size * s.y, 0) / totalX;

  let variance = 0;
  for (const s of strata) {
    // s²_y + R² s²_x − 2 R s_xy is the sample variance of y − R x.
    const centre = s.y - value * s.x;
    const squares = s.units.reduce((sum, u) => sum + u.count * (y(u) - value * x(u) - centre) ** 2, 0);
    if (s.n < 2) {
      if (s.y === 0 && s.x === 0) continue;
      return { value, se: null };
    }
    variance += (s.size ** 2 * squares) / (s.n - 1) / s.n;
  }
  return { value, se: Math.sqrt(Math.max(0, variance)) / totalX };
}

/**
 * F1 = 2UP/(U+P), its variance by the delta method from V(U) and V(P) as if they were independent: the convention of
 * published tools, kept so that figures compare.
 */
function f1Estimate(users: Estimate, producers: Estimate): Estimate {
  const [u, p] = [users.value, producers.value];
  if (u + p === 0) return { value: 0, se: null };
  const value = (2 * u * p) / (u + p);
  if (users.se === null || producers.se === null) return { value, se: null };
  return { value, se: (2 * Math.hypot(p * p * users.se, u * u * producers.se)) / (u + p) ** 2 };
}

/** Estimates for all `codes`. `sizes`: stratum → its size in pixels (or any unit of area). */
export function stratifiedEstimates(
  sample: readonly SampleCount[],
  sizes: ReadonlyMap<number, number>,
  codes: readonly number[],
): StratifiedEstimates {
  const one: Score = () => 1;
  const estimate = (y: Score, x: Score) => ratio(sample, sizes, y, x);
  return {
    oa: must(
      estimate((u) => Number(u.map === u.reference), one),
      'a sample',
    ),
    classes: codes.map((code) => {
      const mapped: Score = (u) => Number(u.map === code);
      const real: Score = (u) => Number(u.reference === code);
      const both: Score = (u) => mapped(u) * real(u);
      const users = estimate(both, mapped);
      const producers = estimate(both, real);
      return {
        code,
        users,
        producers,
        f1: users && producers ? f1Estimate(users, producers) : null,
        share: must(estimate(real, one), 'a sample'),
      };
    }),
  };
}

/** The cells of a confusion matrix as a sample whose strata are the map's classes. */
export function sampleOfConfusion({ codes, counts }: Confusion): SampleCount[] {
  return codes.flatMap((map, i) =>
    codes.flatMap((reference, j) => {
      const count = counts[i]?.[j] ?? 0;
      return count > 0 ? [{ stratum: map, map, reference, count }] : [];
    }),
  );
}
