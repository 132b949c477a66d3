import { ByteCache } from '../base/disposable.ts';
import { AppError } from '../base/errors.ts';
import { readInfo } from './info.ts';
import { type RasterImage, readPixels } from './readPixels.ts';
import { readResampledWindow } from './readResampled.ts';
import { refuse } from './refusal.ts';
import { type FileSource, openSource } from './source.ts';
import { type Block, blockReader } from './tiff/blocks.ts';
import { readCodecTables } from './tiff/codecTables.ts';
import { isReadable, unreadable } from './tiff/decode.ts';
import { type Directory, readDirectories, readNumber, readNumbers } from './tiff/directory.ts';
import { type Layout, readLayout } from './tiff/layout.ts';
import { tag } from './tiff/tags.ts';
import type { RasterReader, Window } from './types.ts';
import { baseValidity, markInvalid } from './validity.ts';

const defaultCacheBytes = 128 * 2 ** 20;

/**
 * Opens a GeoTIFF, BigTIFF or COG. Only the header is read; no number in it is trusted, no block is decoded.
 * `cacheBytes` bounds the decoded blocks that are kept.
 * Errors: not-found, read-only, and the refusals of `refusal.ts`.
 */
export async function openRaster(path: string, options: { cacheBytes?: number } = {}): Promise<RasterReader> {
  const source = await openSource(path);
  try {
    return await openWith(source, options.cacheBytes ?? defaultCacheBytes);
  } catch (error) {
    await source.dispose();
    throw error;
  }
}

async function openWith(source: FileSource, cacheBytes: number): Promise<RasterReader> {
  const { directories, warnings } = await readDirectories(source);
  const cache = new ByteCache<Block>(cacheBytes);
  const main = directories[0] as Directory;
  const layout = await readLayout(source, main);
  if (!isReadable(layout)) throw unreadable(layout, source.path);
  await assertBlocksStated(source, layout);
  const others = await sortOthers(source, layout, directories.slice(1), warnings);
  const info = await readInfo(source, layout, {
    overviews: others.overviews.map(({ image }) => ({ width: image.width, height: image.height })),
    hasMask: others.mask !== undefined,
    warnings,
  });
  const fill = info.bands[0]?.nodata ?? 0;

  const reader = async (of: Layout, otherwise: number) =>
    blockReader(source, of, await readCodecTables(source, of), cache, String(of.directory.offset), otherwise);
  const image = async (of: Layout, mask: Layout | undefined): Promise<RasterImage> => ({
    blocks: await reader(of, fill),
    mask: mask ? await reader(mask, 0) : null,
  });
  const full = await image(layout, others.mask);
  const reduced: RasterImage[] = [];
  for (const { image: overview, mask } of others.overviews) reduced.push(await image(overview, mask));

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
      await source.dispose();
    },
  };
}

/**
 * Overviews and masks among the other images of the file (NewSubfileType bits: 1 reduced, 4 mask). An image that does
 * not fit the first one (another page, a thumbnail in other bands) is left out.
 */
async function sortOthers(
  source: FileSource,
  main: Layout,
  directories: readonly Directory[],
  warnings: string[],
) {
  const overviews: { image: Layout; mask?: Layout }[] = [];
  const masks: Layout[] = [];
  let pages = 0;
  for (const directory of directories) {
    const kind = (await readNumber(source, directory, tag.newSubfileType)) ?? 0;
    const layout = await readLayout(source, directory).catch(() => undefined);
    if (!layout || !isReadable(layout)) continue;
    if (kind & 4) masks.push(layout);
    else if (kind & 1) {
      const fits = layout.samples === main.samples && layout.dtype === main.dtype;
      if (fits && layout.width <= main.width && layout.height <= main.height)
        overviews.push({ image: layout });
    } else pages++;
  }
  if (pages > 0) warnings.push(`The file holds ${pages} more images (pages); only the first is used.`);
  overviews.sort((a, b) => b.image.width - a.image.width);
  const maskOf = (layout: Layout) =>
    masks.find((m) => m.width === layout.width && m.height === layout.height && m.samples === 1);
  for (const overview of overviews) {
    const mask = maskOf(overview.image);
    if (mask) overview.mask = mask;
  }
  const mask = maskOf(main);
  // Without its mask an overview would show what the full image hides.
  return { mask, overviews: mask ? overviews.filter((overview) => overview.mask) : overviews };
}

/** A raster must say where its blocks are. */
async function assertBlocksStated(source: FileSource, layout: Layout): Promise<void> {
  const { fields } = layout.directory;
  if (!fields.has(tag.tileOffsets) && !fields.has(tag.stripOffsets)) {
    throw refuse('damaged', 'The file does not say where its pixels are', source.path);
  }
  await readNumbers(source, layout.directory, tag.stripOffsets, 0, 1);
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
