/**
 * Where a view's pixels come from. All geometric augmentations of a view compose into one map, so that a view is
 * sampled once: by copying when the map is a shift with quarter turns and flips, bilinearly otherwise.
 */
import type { View } from './view.ts';

/** Source = centre of the patch + (x, y) + [[xx, xy], [yx, yy]] · (offset from the centre of the view). Pixels. */
export interface Geometry {
  xx: number;
  xy: number;
  yx: number;
  yy: number;
  x: number;
  y: number;
}

export function identity(): Geometry {
  return { xx: 1, xy: 0, yx: 0, yy: 1, x: 0, y: 0 };
}

/** Applies [[a, b], [c, d]] to the view before what the geometry did so far. */
export function compose(g: Geometry, a: number, b: number, c: number, d: number): void {
  const { xx, xy, yx, yy } = g;
  g.xx = xx * a + xy * c;
  g.xy = xx * b + xy * d;
  g.yx = yx * a + yy * c;
  g.yy = yx * b + yy * d;
}

/** A square of normalised pixels, interleaved, from which views are cut. */
export interface Patch {
  readonly pixels: Float32Array;
  readonly side: number;
}

/** Fills the view from the patch. Beyond the edge of the patch its border pixels are repeated. */
export function sampleView(patch: Patch, g: Geometry, view: View): void {
  const x0 = (patch.side - 1) / 2 + g.x - ((g.xx + g.xy) * (view.side - 1)) / 2;
  const y0 = (patch.side - 1) / 2 + g.y - ((g.yx + g.yy) * (view.side - 1)) / 2;
  const whole = [g.xx, g.xy, g.yx, g.yy, x0, y0].every(Number.isInteger);
  if (whole) copyPixels(patch, g, x0, y0, view);
  else interpolate(patch, g, x0, y0, view);
}

function copyPixels(patch: Patch, g: Geometry, x0: number, y0: number, view: View): void {
  const { pixels, side, bands } = view;
  const last = patch.side - 1;
  let o = view.start;
  for (let v = 0; v < side; v++) {
    for (let u = 0; u < side; u++) {
      const x = clamp(x0 + g.xx * u + g.xy * v, last);
      const y = clamp(y0 + g.yx * u + g.yy * v, last);
      const from = (y * patch.side + x) * bands;
      for (let b = 0; b < bands; b++) pixels[o++] = patch.pixels[from + b] as number;
    }
  }
}

function interpolate(patch: Patch, g: Geometry, x0: number, y0: number, view: View): void {
  const { pixels, side, bands } = view;
  const source = patch.pixels;
  const last = patch.side - 1;
  let o = view.start;
  for (let v = 0; v < side; v++) {
    for (let u = 0; u < side; u++) {
      const x = clamp(x0 + g.xx * u + g.xy * v, last);
      const y = clamp(y0 + g.yx * u + g.yy * v, last);
      const left = Math.min(Math.floor(x), Math.max(0, last - 1));
      const top = Math.min(Math.floor(y), Math.max(0, last - 1));
      const fx = x - left;
      const fy = y - top;
      const at = (top * patch.side + left) * bands;
      const right = last > 0 ? bands : 0;
      const below = last > 0 ? patch.side * bands : 0;
      for (let b = 0; b < bands; b++) {
        const i = at + b;
        const upper = (source[i] as number) * (1 - fx) + (source[i + right] as number) * fx;
        const lower = (source[i + below] as number) * (1 - fx) + (source[i + below + right] as number) * fx;
        pixels[o++] = upper * (1 - fy) + lower * fy;
      }
    }
  }
}

function clamp(value: number, last: number): number {
  return value < 0 ? 0 : Math.min(value, last);
}
