/**
 * A few among many candidates: uncertain, unlike each other and unlike what is labelled, and apart from each other on the
 * ground. Uncertainty alone would choose the same hard corner twenty times.
 */
import type { Candidate } from './candidates.ts';
import type { Novelty } from './novelty.ts';

export interface Chosen {
  readonly candidate: Candidate;
  readonly score: number;
  /** Farther from all labels than labels usually are from each other. */
  readonly strange: boolean;
}

/**
 * Greedily the candidate of the largest uncertainty × distance (among features, to labels and to those chosen before it;
 * in units of novelty's limit, at most 1) that lies at least `apart` pixels from the chosen ones.
 */
export function chooseSpread(
  candidates: readonly Candidate[],
  novelty: Novelty | null,
  count: number,
  apart: number,
): Chosen[] {
  const unit = novelty && novelty.limit > 0 ? novelty.limit : Math.SQRT2;
  const toLabels = candidates.map(({ place }) => (novelty ? novelty.distance(place, 0) / unit : 1));
  const diversity = toLabels.map((distance) => Math.min(1, distance));
  const open = new Set(candidates.keys());
  const chosen: Chosen[] = [];
  while (chosen.length < count && open.size > 0) {
    let best = -1;
    let score = -1;
    for (const i of open) {
      // What nothing labelled resembles is worth a look even where the head is sure.
      const doubt = Math.max(candidates[i]?.uncertainty ?? 0, (toLabels[i] ?? 0) > 1 && novelty ? 0.5 : 0);
      const own = doubt * (diversity[i] ?? 0);
      if (own > score) [best, score] = [i, own];
    }
    const candidate = candidates[best];
    if (!candidate) break;
    chosen.push({ candidate, score, strange: novelty !== null && (toLabels[best] ?? 0) > 1 });
    for (const i of open) {
      const other = candidates[i];
      if (!other || Math.hypot(other.col - candidate.col, other.row - candidate.row) < apart) open.delete(i);
      else diversity[i] = Math.min(diversity[i] ?? 0, between(other.place, candidate.place) / unit);
    }
  }
  return chosen;
}

function between(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, v, i) => sum + (v - (b[i] ?? 0)) ** 2, 0));
}
