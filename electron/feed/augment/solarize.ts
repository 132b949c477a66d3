import type { View } from './view.ts';

/** Mirrors every value above `threshold` about it. */
export function solarize(view: View, threshold: number): void {
  const end = view.start + view.side * view.side * view.bands;
  for (let i = view.start; i < end; i++) {
    const value = view.pixels[i] as number;
    if (value > threshold) view.pixels[i] = 2 * threshold - value;
  }
}
