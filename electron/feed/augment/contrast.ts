import type { Prng } from '../../base/prng.ts';
import type { View } from './view.ts';

/** All values times 1 + sigma·N(0, 1): contrast about the mean, which is 0 after normalisation. */
export function contrast(view: View, prng: Prng, sigma: number): void {
  const factor = 1 + sigma * prng.normal();
  const { pixels, start, side, bands } = view;
  const end = start + side * side * bands;
  for (let i = start; i < end; i++) pixels[i] = (pixels[i] as number) * factor;
}
