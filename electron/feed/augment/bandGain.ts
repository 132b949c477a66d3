import type { Prng } from '../../base/prng.ts';
import type { Normalisation } from '../../contract/encoder.ts';
import { scaleBand, type View } from './view.ts';

/** Each band times its own factor from 1 − strength to 1 + strength, in stored units. */
export function bandGain(view: View, prng: Prng, strength: number, record: Normalisation): void {
  for (let band = 0; band < view.bands; band++)
    scaleBand(view, record, band, 1 + strength * (2 * prng.uniform() - 1));
}
