/**
 * How many points a map's accuracy asks for, and how they are shared out: Olofsson et al. (2014), "Good practices for
 * estimating area and assessing accuracy of land change", eq. 13 (Cochran 1977, eq. 5.25), then a least number in every
 * class and the rest in proportion to area.
 */
import { AppError } from '../base/errors.ts';
import type { DesignParams, SamplingDesign, Stratum } from '../contract/guidance.ts';

type Class = Pick<Stratum, 'code' | 'name' | 'pixels'>;

/** n = (Σ W_i S_i)² / (S(O)² + Σ W_i S_i² / N), S_i = √(U_i (1 − U_i)), rounded up. */
export function sampleSize(
  strata: readonly { readonly pixels: number; readonly users: number }[],
  standardError: number,
): number {
  const all = strata.reduce((sum, { pixels }) => sum + pixels, 0);
  let spread = 0;
  let squares = 0;
  for (const { pixels, users } of strata) {
    const variance = users * (1 - users);
    spread += (pixels / all) * Math.sqrt(variance);
    squares += (pixels / all) * variance;
  }
  return Math.ceil(spread ** 2 / (standardError ** 2 + squares / all));
}

/** Errors: bad-input for a map without a classified pixel. */
export function designSample(classes: readonly Class[], params: DesignParams): SamplingDesign {
  const strata = classes.filter(({ pixels }) => pixels > 0);
  if (strata.length === 0) {
    throw new AppError('bad-input', `Map ${params.map} has no classified pixel to draw from`, {
      subject: params.map,
      remedy: 'Map the scene, or a region of it, first.',
    });
  }
  const all = strata.reduce((sum, { pixels }) => sum + pixels, 0);
  const wanted = sampleSize(
    strata.map(({ code, pixels }) => ({ pixels, users: params.expected[code] ?? params.expectedOther })),
    params.standardError,
  );
  const counts = strata.map(({ pixels }) =>
    Math.min(pixels, Math.max(params.least, Math.round((wanted * pixels) / all))),
  );
  return {
    wanted,
    total: counts.reduce((a, b) => a + b, 0),
    strata: strata.map((stratum, i) => ({ ...stratum, count: counts[i] ?? 0 })),
  };
}
