import { AppError } from '../base/errors.ts';
import { type RasterImage, readPixels } from './readPixels.ts';
import { type Axis, average, nearest, nearestIndex, type Patch } from './resample.ts';
import { allocatePixels } from './tiff/unpack.ts';
import type { BandInfo, PixelArray, RasterInfo, Window, WindowPixels } from './types.ts';
import { baseValidity, markInvalid } from './validity.ts';

/** Source pixels of one band that are in hand at once while an image is reduced. */
const patchPixels = 4 * 2 ** 20;

/**
 * A window (in full-resolution pixels, also fractional, also reaching beyond the raster: there nothing is valid)
 * resampled to width × height from the coarsest image that is still fine enough. Memory is bounded: the source is
 * read in strips. `images` are sorted from fine to coarse, the first is the raster itself.
 */
export async function readResampledWindow(
  info: RasterInfo,
  images: readonly RasterImage[],
  window: Window,
  width: number,
  height: number,
  bands: readonly number[],
  method: 'nearest' | 'average',
): Promise<WindowPixels> {
  const sizes = [window.width, window.height, width, height];
  if (
    !sizes.every((n) => Number.isFinite(n) && n > 0) ||
    !Number.isInteger(width) ||
    !Number.isInteger(height)
  ) {
    throw new AppError(
      'bad-input',
      `Cannot resample ${window.width} × ${window.height} to ${width} × ${height}`,
      {
        subject: info.path,
        remedy: 'Give sizes above zero.',
      },
    );
  }
  const image = fitting(info, images, Math.min(window.width / width, window.height / height));
  const { layout } = image.blocks;
  const sx = layout.width / info.width;
  const sy = layout.height / info.height;
  const cols: Axis = { start: window.col * sx, length: window.width * sx, count: width };
  const rows: Axis = { start: window.row * sy, length: window.height * sy, count: height };

  const out = bands.map(() => allocatePixels(layout.dtype, width * height));
  const valid = new Uint8Array(width * height).fill(1);
  const left = clamp(Math.floor(cols.start), 0, layout.width);
  const right = clamp(Math.ceil(cols.start + cols.length), 0, layout.width);
  const rowsAtOnce = Math.max(1, Math.floor(patchPixels / Math.max(1, right - left)));
  for (let first = 0; first < height; ) {
    const top = sourceRow(rows, first, method, 'first');
    let last = first + 1;
    while (last < height && sourceRow(rows, last, method, 'last') - top <= rowsAtOnce) last++;
    const from = clamp(top, 0, layout.height);
    const to = clamp(sourceRow(rows, last - 1, method, 'last'), 0, layout.height);
    const patch: Patch = {
      col: left,
      row: from,
      width: Math.max(0, right - left),
      height: Math.max(0, to - from),
    };
    await resampleStrip(info, image, patch, cols, rows, first, last, bands, method, out, valid);
    first = last;
  }
  return { width, height, bands: out, valid };
}

async function resampleStrip(
  info: RasterInfo,
  image: RasterImage,
  patch: Patch,
  cols: Axis,
  rows: Axis,
  first: number,
  last: number,
  bands: readonly number[],
  method: 'nearest' | 'average',
  out: readonly PixelArray[],
  valid: Uint8Array,
): Promise<void> {
  if (patch.width === 0 || patch.height === 0) {
    valid.fill(0, first * cols.count, last * cols.count);
    return;
  }
  const window: Window = patch;
  const base = await baseValidity(image, window, info.alphaBand);
  for (const [i, band] of bands.entries()) {
    const facts = info.bands[band - 1] as BandInfo;
    const target = out[i] as PixelArray;
    const [source] = (await readPixels(image.blocks, window, [band])) as [PixelArray];
    const sourceValid = base.slice();
    markInvalid(sourceValid, source, facts);
    if (method === 'nearest') {
      nearest(source, sourceValid, patch, cols, rows, first, last, target, valid);
    } else {
      average(source, sourceValid, patch, cols, rows, first, last, target, valid, facts.nodata ?? 0);
    }
  }
}

/** The source row where target row i begins, or one past where it ends. */
function sourceRow(rows: Axis, i: number, method: 'nearest' | 'average', end: 'first' | 'last'): number {
  if (method === 'nearest') return nearestIndex(rows, i) + (end === 'first' ? 0 : 1);
  if (end === 'first') return Math.floor(rows.start + (i * rows.length) / rows.count + 1e-9);
  return Math.ceil(rows.start + ((i + 1) * rows.length) / rows.count - 1e-9);
}

/** The coarsest image whose pixels are not larger than the ones asked for. */
function fitting(info: RasterInfo, images: readonly RasterImage[], factor: number): RasterImage {
  let best = images[0] as RasterImage;
  for (const image of images) {
    const { width, height } = image.blocks.layout;
    const reduction = Math.max(info.width / width, info.height / height);
    // Odd sizes round up, so a half-size overview of 13 columns reduces by 13/7.
    if (reduction <= factor * 1.02) best = image;
  }
  return best;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
