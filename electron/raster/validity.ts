import { type RasterImage, readPixels } from './readPixels.ts';
import type { BandInfo, PixelArray, Window } from './types.ts';

/** What a nodata value is compared with in pixels of a type; null when no pixel can hold it. */
export function nodataTest(band: Pick<BandInfo, 'nodata' | 'dtype'>): ((value: number) => boolean) | null {
  const { nodata, dtype } = band;
  if (nodata === null || Number.isNaN(nodata)) return null; // NaN is never valid anyway
  if (dtype === 'float32' || dtype === 'float16') {
    // Written as text with few digits (-3.4e38, -3.40282e+38): near the end of float32's range any of them is meant.
    if (Math.abs(nodata) > 3.39e38) {
      const low = nodata < 0;
      return (value) => (low ? value <= -3.39e38 : value >= 3.39e38);
    }
    const near = Math.fround(nodata);
    return (value) => value === near;
  }
  return (value) => value === nodata;
}

/** Sets `valid[i]` to 0 where the band's pixel is nodata or not finite. */
export function markInvalid(valid: Uint8Array, pixels: PixelArray, band: BandInfo): void {
  const isNodata = nodataTest(band);
  const float = pixels instanceof Float32Array || pixels instanceof Float64Array;
  if (!isNodata && !float) return;
  const nodata = isNodata && !float ? band.nodata : null;
  if (nodata !== null) {
    for (let i = 0; i < pixels.length; i++) if (pixels[i] === nodata) valid[i] = 0;
    return;
  }
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i] as number;
    if (!Number.isFinite(value) || isNodata?.(value)) valid[i] = 0;
  }
}

/** 1 where the mask image and the alpha band let a pixel through. */
export async function baseValidity(
  image: RasterImage,
  window: Window,
  alphaBand: number | null,
): Promise<Uint8Array> {
  const valid = new Uint8Array(window.width * window.height).fill(1);
  const guards = [];
  if (image.mask) guards.push((await readPixels(image.mask, window, [1]))[0]);
  if (alphaBand !== null) guards.push((await readPixels(image.blocks, window, [alphaBand]))[0]);
  for (const guard of guards) {
    if (guard) for (let i = 0; i < valid.length; i++) if (guard[i] === 0) valid[i] = 0;
  }
  return valid;
}
