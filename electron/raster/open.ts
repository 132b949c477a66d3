import { existsSync } from 'node:fs';
import { ByteCache } from '../base/disposable.ts';
import { AppError } from '../base/errors.ts';
import { findImages, findMaskFile, findOverviewFile, type StoredImage } from './images.ts';
import { readInfo } from './info.ts';
import { type RasterImage, readPixels } from './readPixels.ts';
import { readResampledWindow } from './readResampled.ts';
import { type FileSource, openSource } from './source.ts';
import { type Block, blockReader } from './tiff/blocks.ts';
import { readCodecTables } from './tiff/codecTables.ts';
import type { RasterReader, Window } from './types.ts';
import { baseValidity, markInvalid } from './validity.ts';

const defaultCacheBytes = 128 * 2 ** 20;

export interface OpenOptions {
  /** Bounds the decoded blocks that are kept; 128 MiB when absent. */
  readonly cacheBytes?: number | undefined;
  /** A file of overviews for this raster (`buildOverviews`). `<path>.ovr` is looked for when absent. */
  readonly overviewPath?: string | undefined;
}

/**
 * Opens a GeoTIFF, BigTIFF or COG. Only the header is read; no number in it is trusted, no block is decoded.
 * Errors: not-found, read-only, and the refusals of `refusal.ts`.
 */
export async function openRaster(path: string, options: OpenOptions = {}): Promise<RasterReader> {
  const sources: FileSource[] = [];
  try {
    const source = await openSource(path);
    sources.push(source);
    return await openWith(source, sources, options);
  } catch (error) {
    for (const source of sources) await source.dispose();
    throw error;
  }
}

async function openWith(
  source: FileSource,
  sources: FileSource[],
  options: OpenOptions,
): Promise<RasterReader> {
  const warnings: string[] = [];
  const found = await findImages(source, warnings);
  const maskPath = `${source.path}.msk`;
  if (found.mask === null && existsSync(maskPath)) {
    found.mask = await findMaskFile(maskPath, found, sources, warnings);
    // Without its mask an overview would show what the full image hides.
    if (found.mask) found.overviews = [];
  }
  const sidecar = options.overviewPath ?? `${source.path}.ovr`;
  if (found.overviews.length === 0 && existsSync(sidecar)) {
    found.overviews.push(...(await findOverviewFile(sidecar, found, sources, warnings)));
  }
  const cache = new ByteCache<Block>(options.cacheBytes ?? defaultCacheBytes);
  const info = await readInfo(source, found.main.layout, {
    overviews: found.overviews.map(({ image }) => ({
      width: image.layout.width,
      height: image.layout.height,
    })),
    hasMask: found.mask !== null,
    warnings,
  });
  const fill = info.bands[0]?.nodata ?? 0;
  const reader = async ({ source: from, layout }: StoredImage, otherwise: number) => {
    const key = `${sources.indexOf(from)}:${layout.directory.offset}`;
    return blockReader(from, layout, await readCodecTables(from, layout), cache, key, otherwise);
  };
  const full: RasterImage = {
    blocks: await reader(found.main, fill),
    mask: found.mask ? await reader(found.mask, 0) : null,
  };
  const reduced: RasterImage[] = [];
  for (const { image, mask } of found.overviews) {
    reduced.push({ blocks: await reader(image, fill), mask: mask ? await reader(mask, 0) : null });
  }

  return {
    info,
    async readWindow(window, bands = info.bands.map((band) => band.index)) {
      assertInside(window, info);
      assertBands(bands, info);
      const pixels = await readPixels(full.blocks, window, bands);
      const valid = await baseValidity(full, window, info.alphaBand);
      bands.forEach((band, i) => {
        const [facts, values] = [info.bands[band - 1], pixels[i]];
        if (facts && values) markInvalid(valid, values, facts);
      });
      return { width: window.width, height: window.height, bands: pixels, valid };
    },
    async readResampled(window, width, height, bands = info.bands.map((band) => band.index), method) {
      assertBands(bands, info);
      return readResampledWindow(info, [full, ...reduced], window, width, height, bands, method);
    },
    async dispose() {
      cache.clear();
      for (const one of sources) await one.dispose();
    },
  };
}

function assertInside(window: Window, info: { width: number; height: number; path: string }): void {
  const whole = [window.col, window.row, window.width, window.height].every(Number.isInteger);
  const inside =
    window.col >= 0 &&
    window.row >= 0 &&
    window.width >= 1 &&
    window.height >= 1 &&
    window.col + window.width <= info.width &&
    window.row + window.height <= info.height;
  if (whole && inside) return;
  throw new AppError(
    'bad-input',
    `The window at column ${window.col}, row ${window.row} of ${window.width} × ${window.height} pixels is not inside the raster of ${info.width} × ${info.height}`,
    { subject: info.path, remedy: 'Ask for a window inside the raster.' },
  );
}

function assertBands(bands: readonly number[], info: { bands: readonly unknown[]; path: string }): void {
  for (const band of bands) {
    if (Number.isInteger(band) && band >= 1 && band <= info.bands.length) continue;
    throw new AppError('bad-input', `There is no band ${band}: the raster has ${info.bands.length}`, {
      subject: info.path,
      remedy: `Give bands from 1 to ${info.bands.length}.`,
    });
  }
}
