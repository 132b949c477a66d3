import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { openRaster } from './open.ts';
import { halve } from './resample.ts';
import { allocatePixels } from './tiff/unpack.ts';
import type { PixelArray, RasterInfo, RasterReader } from './types.ts';
import {
  createRasterWriter,
  type RasterWriter,
  type RasterWriterOptions,
  type WritableType,
} from './write.ts';

export interface OverviewOptions {
  /** Mode for classes, average for everything else. */
  readonly content: 'classes' | 'continuous';
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Rows and columns of the full raster that are in hand at once: even, and a whole number of tiles when halved. */
const step = 1024;

/**
 * Writes the reduced versions of a raster (halved until one tile holds all) to a file of their own, to be given to
 * `openRaster` as `overviewPath`. The raster itself is never touched. Memory: a few rows of tiles.
 * The first halving of every 1024 rows is kept in `<path>.parts/` until all is whole: after a kill or a cancel the next
 * call goes on from there. Errors: cancelled; unsupported, when the raster has a mask image, whose overviews would need
 * another; disk-full.
 */
export async function buildOverviews(
  reader: RasterReader,
  path: string,
  options: OverviewOptions,
): Promise<void> {
  const { info } = reader;
  if (info.hasMask) {
    throw new AppError('unsupported', 'Overviews of a raster with a mask image are not built', {
      subject: info.path,
      remedy: 'Build them with gdaladdo.',
    });
  }
  const parts = `${path}.parts`;
  await mkdir(parts, { recursive: true });
  const rows = Math.ceil(info.height / step);
  // The second reading, of the halves, is a quarter of the first.
  const total = rows * 5;
  for (let i = 0; i < rows; i++) {
    const part = join(parts, `${i}.tif`);
    if (!(await isWhole(part, info, i))) await halveRows(reader, i, part, options);
    options.onProgress?.((i + 1) * 4, total);
  }
  await joinParts(info, parts, path, options);
  await rm(parts, { recursive: true, force: true });
}

/** Height of the half of the i-th strip of rows. */
const halfRows = (info: RasterInfo, i: number) => Math.ceil(Math.min(step, info.height - i * step) / 2);

/** Whether a part was finished before; a broken one is none. */
async function isWhole(part: string, info: RasterInfo, i: number): Promise<boolean> {
  if (!existsSync(part)) return false;
  try {
    const reader = await openRaster(part);
    await reader.dispose();
    const { width, height, bands } = reader.info;
    return (
      width === Math.ceil(info.width / 2) &&
      height === halfRows(info, i) &&
      bands.length === info.bands.length
    );
  } catch {
    return false;
  }
}

/** Halves one strip of rows into a file of its own. */
async function halveRows(
  reader: RasterReader,
  i: number,
  part: string,
  options: OverviewOptions,
): Promise<void> {
  const { info } = reader;
  const { dtype, nodata, content } = formatOf(info, options);
  const float = dtype.startsWith('float');
  const isNodata = (value: number) => value === nodata || (float && !Number.isFinite(value));
  const method = content === 'classes' ? 'mode' : 'average';
  const height = Math.min(step, info.height - i * step);
  const half = halfRows(info, i);
  await written(part, { ...formatOf(info, options), height: half, overviews: 'none' }, async (writer) => {
    for (let col = 0; col < info.width; col += step) {
      throwIfAborted(options.signal);
      const width = Math.min(step, info.width - col);
      const halfWidth = Math.ceil(width / 2);
      const bands: PixelArray[] = [];
      // Band by band: of a scene with hundreds of bands only the halves are held together.
      for (const band of info.bands) {
        const { bands: read } = await reader.readWindow({ col, row: i * step, width, height }, [band.index]);
        const out = allocatePixels(dtype, halfWidth * half);
        halve(read[0] as PixelArray, width, height, out, method, isNodata, nodata ?? 0);
        bands.push(out);
      }
      await writer.writeWindow({ col: col / 2, row: 0, width: halfWidth, height: half }, bands);
    }
  });
}

/** One file of all parts, with every further halving. */
async function joinParts(
  info: RasterInfo,
  parts: string,
  path: string,
  options: OverviewOptions,
): Promise<void> {
  const format = { ...formatOf(info, options), height: Math.ceil(info.height / 2) };
  const rows = Math.ceil(info.height / step);
  await written(path, format, async (writer) => {
    for (let i = 0; i < rows; i++) {
      throwIfAborted(options.signal);
      const part = await openRaster(join(parts, `${i}.tif`), { cacheBytes: 32 * 2 ** 20 });
      try {
        const { width, height } = part.info;
        for (let col = 0; col < width; col += step) {
          const window = { col, row: 0, width: Math.min(step, width - col), height };
          const { bands } = await part.readWindow(window);
          await writer.writeWindow({ ...window, row: (i * step) / 2 }, bands);
        }
      } finally {
        await part.dispose();
      }
      options.onProgress?.(rows * 4 + i + 1, rows * 5);
    }
  });
}

async function written(
  path: string,
  format: RasterWriterOptions,
  write: (writer: RasterWriter) => Promise<void>,
): Promise<void> {
  const writer = await createRasterWriter(path, format);
  try {
    await write(writer);
    await writer.finish();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('cancelled', 'Building overviews was cancelled');
}

function formatOf(info: RasterInfo, { content }: OverviewOptions) {
  return {
    width: Math.ceil(info.width / 2),
    dtype: writable(info.bands[0]?.dtype ?? 'uint8'),
    bands: info.bands.length,
    tile: 256,
    content,
    nodata: info.bands[0]?.nodata ?? null,
    crs: null,
    geotransform: null,
  } as const;
}

/** The type that holds the same pixels in a file we write. */
function writable(dtype: RasterReader['info']['bands'][number]['dtype']): WritableType {
  if (dtype === 'float16') return 'float32';
  return dtype === 'int64' || dtype === 'uint64' ? 'float64' : dtype;
}
