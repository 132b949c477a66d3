import type { View } from './view.ts';

/** Every band becomes the mean of all bands of its pixel. */
export function grey(view: View): void {
  const { pixels, start, side, bands } = view;
  const end = start + side * side * bands;
  for (let i = start; i < end; i += bands) {
    let sum = 0;
    for (let b = 0; b < bands; b++) sum += pixels[i + b] as number;
    pixels.fill(sum / bands, i, i + bands);
  }
}
