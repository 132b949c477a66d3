import type { BandSummary } from '../../electron/contract/scene.ts';

/** How values become brightness. `percentile` is the 2nd to the 98th, `deviation` the mean ± 2 standard deviations. */
export const stretchModes = ['percentile', 'deviation', 'extremes', 'manual'] as const;
export type StretchMode = (typeof stretchModes)[number];
export type Range = readonly [low: number, high: number];

/** `decibel`: 10·log10 of the value, for radar powers. */
export type ValueScale = 'linear' | 'decibel';

const smallest = 1e-12;

export function toScale(value: number, scale: ValueScale): number {
  return scale === 'linear' ? value : 10 * Math.log10(Math.max(value, smallest));
}

/** The values drawn black and white, on the scale. Never empty: a constant band gets one unit around its value. */
export function stretchRange(band: BandSummary, mode: StretchMode, scale: ValueScale, manual?: Range): Range {
  if (mode === 'manual' && manual) return widened(manual);
  const [low, high] = limits(band, mode);
  if (scale === 'linear') return widened([low, high]);
  const floor = Math.max(lowestPositive(band), smallest);
  return widened([toScale(Math.max(low, floor), scale), toScale(Math.max(high, floor), scale)]);
}

function limits(band: BandSummary, mode: StretchMode): Range {
  switch (mode) {
    case 'deviation':
      return [Math.max(band.min, band.mean - 2 * band.std), Math.min(band.max, band.mean + 2 * band.std)];
    case 'extremes':
      return [band.min, band.max];
    default:
      return [band.p2, band.p98];
  }
}

function lowestPositive(band: BandSummary): number {
  return band.p2 > 0 ? band.p2 : Math.max(band.median, band.mean) / 100;
}

function widened([low, high]: Range): Range {
  return high > low ? [low, high] : [low - 0.5, low + 0.5];
}
