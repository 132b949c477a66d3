import type { Prng } from '../../base/prng.ts';
import type { View } from './view.ts';

/** Adds sigma·N(0, 1) to each band of the view. */
export function offset(view: View, prng: Prng, sigma: number): void {
  const { pixels, start, side, bands } = view;
  const end = start + side * side * bands;
  for (let band = 0; band < bands; band++) {
    const shift = sigma * prng.normal();
    for (let i = start + band; i < end; i += bands) pixels[i] = (pixels[i] as number) + shift;
  }
}
