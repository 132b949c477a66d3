import { AppError } from '../base/errors.ts';
import { halve } from './resample.ts';
import { allocatePixels } from './tiff/unpack.ts';
import type { PixelArray, RasterReader } from './types.ts';
import { createRasterWriter, type WritableType } from './write.ts';

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
 * Errors: cancelled; unsupported, when the raster has a mask image, whose overviews would need another; disk-full.
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
  const width = Math.ceil(info.width / 2);
  const height = Math.ceil(info.height / 2);
  const nodata = info.bands[0]?.nodata ?? null;
  const dtype = writable(info.bands[0]?.dtype ?? 'uint8');
  const float = dtype.startsWith('float');
  const isNodata = (value: number) => value === nodata || (float && !Number.isFinite(value));
  const method = options.content === 'classes' ? 'mode' : 'average';
  const writer = await createRasterWriter(path, {
    width,
    height,
    dtype,
    bands: info.bands.length,
    tile: 256,
    content: options.content,
    nodata,
    crs: null,
    geotransform: null,
  });
  const total = Math.ceil(info.width / step) * Math.ceil(info.height / step);
  let done = 0;
  try {
    for (let row = 0; row < info.height; row += step) {
      for (let col = 0; col < info.width; col += step) {
        if (options.signal?.aborted) throw new AppError('cancelled', 'Building overviews was cancelled');
        const w = Math.min(step, info.width - col);
        const h = Math.min(step, info.height - row);
        const halfWidth = Math.ceil(w / 2);
        const halfHeight = Math.ceil(h / 2);
        const bands: PixelArray[] = [];
        // Band by band: of a scene with hundreds of bands only the halves are held together.
        for (const band of info.bands) {
          const { bands: read } = await reader.readWindow({ col, row, width: w, height: h }, [band.index]);
          const out = allocatePixels(dtype, halfWidth * halfHeight);
          halve(read[0] as PixelArray, w, h, out, method, isNodata, nodata ?? 0);
          bands.push(out);
        }
        await writer.writeWindow({ col: col / 2, row: row / 2, width: halfWidth, height: halfHeight }, bands);
        options.onProgress?.(++done, total);
      }
    }
    await writer.finish();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

/** The type that holds the same pixels in a file we write. */
function writable(dtype: RasterReader['info']['bands'][number]['dtype']): WritableType {
  if (dtype === 'float16') return 'float32';
  return dtype === 'int64' || dtype === 'uint64' ? 'float64' : dtype;
}
