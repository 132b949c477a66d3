import { AppError } from '../base/errors.ts';
import type { Geotransform, Window } from './types.ts';

/** Map position of a pixel position; (0, 0) is the upper left corner of the first pixel, its centre is (0.5, 0.5). */
export function toMap(gt: Geotransform, col: number, row: number): [number, number] {
  return [gt[0] + col * gt[1] + row * gt[2], gt[3] + col * gt[4] + row * gt[5]];
}

/** Pixel position (fractional) of a map position. Errors: bad-input when the geotransform has no inverse. */
export function toPixel(gt: Geotransform, x: number, y: number): [number, number] {
  const det = determinant(gt);
  const dx = x - gt[0];
  const dy = y - gt[3];
  return [(dx * gt[5] - dy * gt[2]) / det, (dy * gt[1] - dx * gt[4]) / det];
}

/** The geotransform that maps positions to pixels. Errors: bad-input when there is none. */
export function invert(gt: Geotransform): Geotransform {
  const det = determinant(gt);
  const [a, b, d, e] = [gt[5] / det, -gt[2] / det, -gt[4] / det, gt[1] / det];
  return [-(gt[0] * a + gt[3] * b), a, b, -(gt[0] * d + gt[3] * e), d, e];
}

/** The geotransform of a window of a raster, optionally resampled to `width` × `height` pixels. */
export function windowTransform(
  gt: Geotransform,
  window: Window,
  width = window.width,
  height = window.height,
): Geotransform {
  const [x, y] = toMap(gt, window.col, window.row);
  const sx = window.width / width;
  const sy = window.height / height;
  return [x, gt[1] * sx, gt[2] * sy, y, gt[4] * sx, gt[5] * sy];
}

/** [minx, miny, maxx, maxy] of a window (the whole raster by its size). */
export function boundsOf(gt: Geotransform, window: Window): [number, number, number, number] {
  const corners = [
    toMap(gt, window.col, window.row),
    toMap(gt, window.col + window.width, window.row),
    toMap(gt, window.col, window.row + window.height),
    toMap(gt, window.col + window.width, window.row + window.height),
  ];
  const xs = corners.map((c) => c[0]);
  const ys = corners.map((c) => c[1]);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** The smallest window of whole pixels that covers map bounds, cut to the raster; null when they do not meet. */
export function windowOfBounds(
  gt: Geotransform,
  bounds: readonly [number, number, number, number],
  width: number,
  height: number,
): Window | null {
  const corners = [
    toPixel(gt, bounds[0], bounds[1]),
    toPixel(gt, bounds[2], bounds[1]),
    toPixel(gt, bounds[0], bounds[3]),
    toPixel(gt, bounds[2], bounds[3]),
  ];
  // Bounds that were computed from pixel edges come back with rounding noise: a millionth of a pixel is no pixel.
  const low = (values: number[]) => Math.floor(Math.min(...values) + 1e-6);
  const high = (values: number[]) => Math.ceil(Math.max(...values) - 1e-6);
  const col = Math.max(0, low(corners.map((c) => c[0])));
  const row = Math.max(0, low(corners.map((c) => c[1])));
  const right = Math.min(width, high(corners.map((c) => c[0])));
  const bottom = Math.min(height, high(corners.map((c) => c[1])));
  if (right <= col || bottom <= row) return null;
  return { col, row, width: right - col, height: bottom - row };
}

/** Area of one pixel in squared map units. */
export function pixelArea(gt: Geotransform): number {
  return Math.abs(gt[1] * gt[5] - gt[2] * gt[4]);
}

/** Lengths of a pixel's sides in map units, along the row and down the column. */
export function pixelSize(gt: Geotransform): { width: number; height: number } {
  return { width: Math.hypot(gt[1], gt[4]), height: Math.hypot(gt[2], gt[5]) };
}

export function isRotated(gt: Geotransform): boolean {
  return gt[2] !== 0 || gt[4] !== 0;
}

function determinant(gt: Geotransform): number {
  const det = gt[1] * gt[5] - gt[2] * gt[4];
  if (det === 0 || !Number.isFinite(det)) {
    throw new AppError('bad-input', `The geotransform ${gt.join(', ')} maps all pixels onto a line`, {
      remedy: 'Give the raster a valid georeference (gdal_edit.py -a_ullr …).',
    });
  }
  return det;
}
