/** The way back from normalised pixels to the numbers that a file stores, for pictures of what a model sees. */
import { must } from '../base/assert.ts';
import type { BandNormalisation, Normalisation } from '../contract/encoder.ts';

/**
 * Writes pixel by pixel the bands at `columns` (from 0, in the order of the record) and alpha 1. What the way there
 * limits (powers below the floor, correlations beyond 1) comes back as the limit.
 * @param pixels Normalised and interleaved, all bands of the record.
 */
export function toStored(
  record: Normalisation,
  pixels: Float32Array,
  columns: readonly number[],
  out: Float32Array,
): void {
  const channels = record.bands.length;
  const count = pixels.length / channels;
  const physical = (pixel: number, column: number): number => {
    const { transform, mean, std } = must(record.bands[column], 'band');
    const value = (pixels[pixel * channels + column] as number) * std + mean;
    switch (transform.kind) {
      case 'linear':
      case 'decibel':
        return value;
      case 'log':
        return Math.exp(value);
      case 'asinh':
        return transform.scale * Math.sinh(value);
      case 'cross': {
        const [first, second] = transform.powers;
        const product = physical(pixel, first) * physical(pixel, second);
        return value * Math.sqrt(Math.max(product, transform.floor));
      }
    }
  };
  const stored = (value: number, { scale = 1, offset = 0 }: BandNormalisation) => (value - offset) / scale;
  for (let i = 0, o = 0; i < count; i++) {
    for (const column of columns) out[o++] = stored(physical(i, column), must(record.bands[column], 'band'));
    out[o++] = 1;
  }
}
