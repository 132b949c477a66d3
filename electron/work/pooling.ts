/**
 * Means over square windows of per-pixel vectors. A pixel's own vector carries the sensor's noise (speckle most of
 * all); fields are larger than pixels, so the mean of a neighbourhood says more. Each sum is taken afresh in the same
 * order for every pixel, not carried along a row: the result of a pixel does not depend on the block it was computed in.
 */
import { assert } from '../base/assert.ts';

export interface Grid {
  readonly width: number;
  readonly height: number;
}

/**
 * Box means of `values` [height, width, channels] over the pixels of a (2·radius+1)² window that are valid, for the
 * inner part of the grid: `margin` (≥ radius) pixels are cut off on every side. Returns
 * [(height − 2·margin) · (width − 2·margin), channels]; a pixel without a valid neighbour gives zeros.
 */
export function boxMean(
  values: Float32Array,
  valid: Uint8Array,
  { width, height }: Grid,
  channels: number,
  radius: number,
  margin: number,
): Float32Array {
  assert(radius <= margin, `a window of radius ${radius} needs a margin of as much, not ${margin}`);
  const innerWidth = width - 2 * margin;
  const innerHeight = height - 2 * margin;
  const rows = innerHeight + 2 * radius;
  const top = margin - radius;
  // Sums along rows, then down columns: 2·(2r+1) additions instead of (2r+1)².
  const sums = new Float32Array(rows * innerWidth * channels);
  const counts = new Uint16Array(rows * innerWidth);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < innerWidth; x++) {
      const to = (y * innerWidth + x) * channels;
      const start = (y + top) * width + x + margin - radius;
      let count = 0;
      for (let p = start; p <= start + 2 * radius; p++) {
        if (!valid[p]) continue;
        count++;
        const from = p * channels;
        for (let c = 0; c < channels; c++) {
          sums[to + c] = (sums[to + c] as number) + (values[from + c] as number);
        }
      }
      counts[y * innerWidth + x] = count;
    }
  }
  const out = new Float32Array(innerHeight * innerWidth * channels);
  for (let y = 0; y < innerHeight; y++) {
    for (let x = 0; x < innerWidth; x++) {
      const to = (y * innerWidth + x) * channels;
      let count = 0;
      for (let dy = 0; dy <= 2 * radius; dy++) {
        const cell = (y + dy) * innerWidth + x;
        count += counts[cell] as number;
        const from = cell * channels;
        for (let c = 0; c < channels; c++) out[to + c] = (out[to + c] as number) + (sums[from + c] as number);
      }
      if (count > 0) for (let c = 0; c < channels; c++) out[to + c] = (out[to + c] as number) / count;
    }
  }
  return out;
}
