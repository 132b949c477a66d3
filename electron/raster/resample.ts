import type { PixelArray } from './types.ts';

/** A rectangle of source pixels at hand; positions are those of the whole image it was cut from. */
export interface Patch {
  readonly col: number;
  readonly row: number;
  readonly width: number;
  readonly height: number;
}

/** One axis of a resampling: `count` targets that cover [start, start + length) of the source axis. */
export interface Axis {
  readonly start: number;
  readonly length: number;
  readonly count: number;
}

/** Index of the source pixel under the centre of target i. */
export function nearestIndex(axis: Axis, i: number): number {
  return Math.floor(axis.start + ((i + 0.5) * axis.length) / axis.count);
}

/**
 * Nearest neighbour: target pixels [rows from `firstRow`] whose centre falls in the patch; others stay as they are
 * and are marked 0 in `valid`.
 */
export function nearest(
  source: PixelArray,
  sourceValid: Uint8Array,
  patch: Patch,
  cols: Axis,
  rows: Axis,
  firstRow: number,
  lastRow: number,
  out: PixelArray,
  valid: Uint8Array,
): void {
  const index = new Int32Array(cols.count);
  for (let i = 0; i < cols.count; i++) {
    const col = nearestIndex(cols, i) - patch.col;
    index[i] = col >= 0 && col < patch.width ? col : -1;
  }
  for (let j = firstRow; j < lastRow; j++) {
    const row = nearestIndex(rows, j) - patch.row;
    const inside = row >= 0 && row < patch.height;
    for (let i = 0; i < cols.count; i++) {
      const at = j * cols.count + i;
      const col = index[i] as number;
      if (!inside || col < 0) {
        valid[at] = 0;
        continue;
      }
      const from = row * patch.width + col;
      out[at] = source[from] as number;
      if (sourceValid[from] === 0) valid[at] = 0;
    }
  }
}

/**
 * Area-weighted mean of the valid source pixels under each target pixel; 0 in `valid` where there is none. Integers
 * are rounded half up. `empty` is what such pixels hold.
 */
export function average(
  source: PixelArray,
  sourceValid: Uint8Array,
  patch: Patch,
  cols: Axis,
  rows: Axis,
  firstRow: number,
  lastRow: number,
  out: PixelArray,
  valid: Uint8Array,
  empty: number,
): void {
  const float = out instanceof Float32Array || out instanceof Float64Array;
  const spans = Array.from({ length: cols.count }, (_, i) => span(cols, i, patch.col, patch.width));
  const sums = new Float64Array(cols.count);
  const weights = new Float64Array(cols.count);
  for (let j = firstRow; j < lastRow; j++) {
    sums.fill(0);
    weights.fill(0);
    const down = span(rows, j, patch.row, patch.height);
    for (let r = down.first; r <= down.last; r++) {
      const rowWeight = weightOf(down, r);
      const base = r * patch.width;
      for (let i = 0; i < cols.count; i++) {
        const across = spans[i] as Span;
        for (let c = across.first; c <= across.last; c++) {
          if (sourceValid[base + c] === 0) continue;
          const weight = rowWeight * weightOf(across, c);
          sums[i] = (sums[i] as number) + weight * (source[base + c] as number);
          weights[i] = (weights[i] as number) + weight;
        }
      }
    }
    for (let i = 0; i < cols.count; i++) {
      const at = j * cols.count + i;
      const weight = weights[i] as number;
      if (weight > 0) {
        const mean = (sums[i] as number) / weight;
        out[at] = float ? mean : Math.floor(mean + 0.5);
      } else {
        out[at] = empty;
        valid[at] = 0;
      }
    }
  }
}

/** Source pixels (relative to the patch) that target i covers, with its exact edges. */
interface Span {
  readonly first: number;
  readonly last: number;
  readonly low: number;
  readonly high: number;
}

function span(axis: Axis, i: number, patchStart: number, patchLength: number): Span {
  const low = axis.start + (i * axis.length) / axis.count - patchStart;
  const high = axis.start + ((i + 1) * axis.length) / axis.count - patchStart;
  const first = Math.max(0, Math.floor(low + 1e-9));
  const last = Math.min(patchLength, Math.ceil(high - 1e-9)) - 1;
  return { first, last, low, high };
}

function weightOf({ low, high }: Span, pixel: number): number {
  return Math.min(high, pixel + 1) - Math.max(low, pixel);
}

/**
 * Halves an image for an overview: each target pixel stands for the up to 2×2 source pixels above it. `mode` takes the
 * commonest value (the first in reading order on a tie), `average` the mean, both of the pixels that are not nodata.
 */
export function halve(
  source: PixelArray,
  width: number,
  height: number,
  out: PixelArray,
  method: 'mode' | 'average',
  isNodata: (value: number) => boolean,
  nodata: number,
): void {
  const outWidth = Math.ceil(width / 2);
  const outHeight = Math.ceil(height / 2);
  const float = out instanceof Float32Array || out instanceof Float64Array;
  const found = [0, 0, 0, 0];
  for (let j = 0; j < outHeight; j++) {
    for (let i = 0; i < outWidth; i++) {
      let count = 0;
      for (let k = 0; k < 4; k++) {
        const row = 2 * j + (k >> 1);
        const col = 2 * i + (k & 1);
        if (row >= height || col >= width) continue;
        const value = source[row * width + col] as number;
        if (!isNodata(value)) found[count++] = value;
      }
      const at = j * outWidth + i;
      if (count === 0) out[at] = nodata;
      else if (method === 'mode') out[at] = commonest(found, count);
      else {
        let sum = 0;
        for (let k = 0; k < count; k++) sum += found[k] as number;
        out[at] = float ? sum / count : Math.floor(sum / count + 0.5);
      }
    }
  }
}

function commonest(values: readonly number[], count: number): number {
  let best = values[0] as number;
  let most = 0;
  for (let i = 0; i < count; i++) {
    let same = 0;
    for (let k = i; k < count; k++) if (values[k] === values[i]) same++;
    if (same > most) {
      most = same;
      best = values[i] as number;
    }
  }
  return best;
}
