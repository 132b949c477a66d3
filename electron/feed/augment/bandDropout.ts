import type { Prng } from '../../base/prng.ts';
import type { View } from './view.ts';

/** Sets `count` different bands to 0, their mean; at least one band is left. */
export function bandDropout(view: View, prng: Prng, count: number): void {
  const left = Array.from({ length: view.bands }, (_, band) => band);
  for (let n = Math.min(count, view.bands - 1); n > 0; n--) {
    const [band] = left.splice(prng.integer(left.length), 1);
    clearBands(view, band ?? 0, 1);
  }
}

/** Sets `count` bands from `first` to 0. */
export function clearBands(view: View, first: number, count: number): void {
  const end = view.start + view.side * view.side * view.bands;
  for (let i = view.start + first; i < end; i += view.bands) view.pixels.fill(0, i, i + count);
}
