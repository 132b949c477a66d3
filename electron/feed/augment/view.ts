import type { Normalisation } from '../../contract/encoder.ts';

/** One view of one tile inside a batch's buffer: `side`² pixels of `bands` values from `start`, interleaved. Changed in place. */
export interface View {
  readonly pixels: Float32Array;
  readonly start: number;
  readonly side: number;
  readonly bands: number;
}

/**
 * Multiplies the physical values of one band by `factor` in a normalised view, exactly: reflectance x becomes factor·x
 * before the transform that the band was normalised with. Nothing clips. A cross term is a ratio that a factor common
 * to its channels leaves alone.
 */
export function scaleBand(view: View, record: Normalisation, band: number, factor: number): void {
  const stored = record.bands[band];
  if (!stored) return;
  const { pixels, start, side, bands } = view;
  const { transform, mean, std } = stored;
  const end = start + side * side * bands;
  switch (transform.kind) {
    case 'linear': {
      const shift = ((factor - 1) * mean) / std;
      for (let i = start + band; i < end; i += bands) pixels[i] = factor * (pixels[i] as number) + shift;
      return;
    }
    case 'log': {
      const shift = Math.log(factor) / std;
      for (let i = start + band; i < end; i += bands) pixels[i] = (pixels[i] as number) + shift;
      return;
    }
    case 'decibel': {
      const shift = (10 * Math.log10(factor)) / std;
      for (let i = start + band; i < end; i += bands) pixels[i] = (pixels[i] as number) + shift;
      return;
    }
    case 'asinh':
      for (let i = start + band; i < end; i += bands) {
        const physical = Math.sinh((pixels[i] as number) * std + mean);
        pixels[i] = (Math.asinh(factor * physical) - mean) / std;
      }
      return;
    case 'cross':
      return;
  }
}
