import type { Prng } from '../../base/prng.ts';
import type { View } from './view.ts';

/** All values times 1 + sigma·N(0, 1): contrast about the mean, which is 0 after normalisation. */
export function contrast(view: View, prng: Prng, sigma: number): void {
  const factor = 1 + sigma * prng.normal();
  const end = view.start + view.side * view.side * view.bands;
  for (let i = view.start; i < end; i++) view.pixels[i] = (view.pixels[i] as number) * factor;
}
