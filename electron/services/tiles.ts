/** Where the tiles lie that `contract/bytes.ts` describes, in any raster: also one whose rows run upwards. */
import { AppError } from '../base/errors.ts';
import { levels, type Tile, tileSize } from '../contract/bytes.ts';
import { invert, pixelSize, toPixel } from '../raster/affine.ts';
import type { WindowPixels } from '../raster/types.ts';
import type { Geotransform } from '../vector/geotransform.ts';
import { extentOf } from './pixels.ts';

/** Errors: `usage` for words that are no whole numbers, `not-found` outside the grid. */
export function placeTile(
  words: readonly string[],
  raster: { readonly width: number; readonly height: number },
  transform: Geotransform,
): Tile {
  const [z = -1, x = -1, y = -1] = words.map((word) => (/^\d{1,7}$/.test(word) ? Number(word) : -1));
  if (z < 0 || x < 0 || y < 0) {
    throw new AppError('usage', `A tile is named by three whole numbers, not ${words.join('/')}`, {
      subject: words.join('/'),
    });
  }
  const top = levels(raster.width, raster.height) - 1;
  const factor = 2 ** (top - z);
  const span = tileSize * factor;
  if (z > top || x * span >= raster.width || y * span >= raster.height) {
    throw new AppError('not-found', `There is no tile ${words.join('/')}`, {
      subject: words.join('/'),
      remedy: `The raster has ${top + 1} levels and ${raster.width} × ${raster.height} pixels.`,
    });
  }
  const [minx, , , maxy] = extentOf(transform, raster.width, raster.height);
  const size = pixelSize(transform);
  const [left, upper] = [minx + x * span * size.width, maxy - y * span * size.height];
  const a = toPixel(transform, left, upper);
  const b = toPixel(transform, left + span * size.width, upper - span * size.height);
  // Whole pixels by construction; the way over map coordinates leaves rounding noise.
  const clean = (value: number) => Math.round(value * 1024) / 1024;
  const step = invert(transform);
  return {
    col: clean(Math.min(a[0], b[0])),
    row: clean(Math.min(a[1], b[1])),
    width: span,
    height: span,
    flipX: step[1] < 0,
    flipY: step[5] > 0,
    factor,
  };
}

/** Float32, pixel by pixel: the bands named by `columns`, then 0 or 1 for alpha. */
export function interleave(pixels: WindowPixels, columns: readonly number[]): Float32Array<ArrayBuffer> {
  const { valid } = pixels;
  const stride = columns.length + 1;
  const out = new Float32Array(valid.length * stride);
  columns.forEach((column, k) => {
    const band = pixels.bands[column] ?? [];
    for (let i = 0; i < valid.length; i++) if (valid[i]) out[i * stride + k] = band[i] ?? 0;
  });
  for (let i = 0; i < valid.length; i++) out[i * stride + columns.length] = valid[i] ? 1 : 0;
  return out;
}
