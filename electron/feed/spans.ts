/** Polygons as runs of pixels, so that a pixel of a region can be drawn evenly, whatever its shape and size. */
import { must } from '../base/assert.ts';
import type { Prng } from '../base/prng.ts';
import type { PixelPolygons } from '../contract/jobs.ts';
import type { Window } from '../raster/types.ts';

/** Runs sorted by row: run i covers the columns [from[i], to[i]) of rows[i]; `before[i]` pixels come before it. */
export interface Spans {
  readonly rows: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly before: Float64Array;
  readonly pixels: number;
}

/** All pixels of a window. */
export function windowSpans({ col, row, width, height }: Window): Spans {
  const runs = Array.from({ length: Math.max(0, height) }, (_, y) => [row + y, col, col + width] as const);
  return toSpans(width > 0 ? runs : []);
}

/**
 * The pixels of `inside` whose centre lies in the polygons (even-odd rule, as QGIS and GDAL fill). Coordinates are
 * pixel coordinates: the centre of the first pixel is (0.5, 0.5).
 */
export function polygonSpans(polygons: PixelPolygons, inside: Window): Spans {
  const edges = polygons.flatMap((polygon) =>
    polygon.flatMap((ring) => ring.map((a, i) => [a, must(ring[(i + 1) % ring.length], 'corner')] as const)),
  );
  const right = inside.col + inside.width;
  const runs: [number, number, number][] = [];
  for (let row = inside.row; row < inside.row + inside.height; row++) {
    const y = row + 0.5;
    const crossings = edges
      .filter(([a, b]) => a[1] <= y !== b[1] <= y)
      .map(([a, b]) => a[0] + ((y - a[1]) * (b[0] - a[0])) / (b[1] - a[1]))
      .sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(inside.col, Math.ceil((crossings[i] as number) - 0.5));
      const to = Math.min(right, Math.ceil((crossings[i + 1] as number) - 0.5));
      if (to > from) runs.push([row, from, to]);
    }
  }
  return toSpans(runs);
}

function toSpans(runs: readonly (readonly [number, number, number])[]): Spans {
  const before = new Float64Array(runs.length);
  let pixels = 0;
  runs.forEach(([, from, to], i) => {
    before[i] = pixels;
    pixels += to - from;
  });
  return {
    rows: Int32Array.from(runs, ([row]) => row),
    from: Int32Array.from(runs, ([, from]) => from),
    to: Int32Array.from(runs, ([, , to]) => to),
    before,
    pixels,
  };
}

/** A pixel, each with the same chance. */
export function drawPixel(spans: Spans, prng: Prng): { col: number; row: number } {
  // 52 bits: scenes may hold more pixels than 32 bits count.
  const uniform = (prng.uint32() * 0x100000 + (prng.uint32() >>> 12)) / 2 ** 52;
  const wanted = Math.floor(uniform * spans.pixels);
  const run = lastAtMost(spans.before, wanted);
  return {
    col: (spans.from[run] as number) + wanted - (spans.before[run] as number),
    row: spans.rows[run] as number,
  };
}

export function holdsPixel(spans: Spans, col: number, row: number): boolean {
  for (let run = lastAtMost(spans.rows, row); run >= 0 && spans.rows[run] === row; run--) {
    if (col >= (spans.from[run] as number) && col < (spans.to[run] as number)) return true;
  }
  return false;
}

/** Index of the last value ≤ wanted in an ascending list; −1 when there is none. */
function lastAtMost(values: Float64Array | Int32Array, wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
