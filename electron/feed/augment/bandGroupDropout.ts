import type { Prng } from '../../base/prng.ts';
import { clearBands } from './bandDropout.ts';
import type { View } from './view.ts';

/** Sets a run of neighbouring bands, `share` of all, to 0, their mean; at least one band is left. */
export function bandGroupDropout(view: View, prng: Prng, share: number): void {
  const count = Math.min(view.bands - 1, Math.round(share * view.bands));
  if (count > 0) clearBands(view, prng.integer(view.bands - count + 1), count);
}
