import { AppError } from '../base/errors.ts';
import type { RasterReader } from './types.ts';

/** Ten bytes a pixel are held at once when codes are traced into polygons: 1.3 GB at this many. */
const mostPixels = 128 * 2 ** 20;

/**
 * The first band as whole numbers, row-major; nodata is 0.
 * Errors: bad-input for values that are no codes; unsupported when it is too large to hold.
 */
export async function readCodes(reader: RasterReader): Promise<Int32Array> {
  const { width, height, path } = reader.info;
  if (width * height > mostPixels) {
    throw new AppError('unsupported', `${path} has ${width} × ${height} pixels, too many to trace at once`, {
      subject: path,
      remedy: 'Turn it into polygons with gdal_polygonize.py, or cut it to the area that matters.',
    });
  }
  const codes = new Int32Array(width * height);
  const rows = Math.max(1, Math.floor(2 ** 22 / width));
  for (let row = 0; row < height; row += rows) {
    const part = { col: 0, row, width, height: Math.min(rows, height - row) };
    const { bands, valid } = await reader.readWindow(part, [1]);
    const values = bands[0] ?? [];
    const start = row * width;
    for (let i = 0; i < valid.length; i++) {
      const value = values[i] ?? 0;
      if (!valid[i] || value === 0) continue;
      if (!Number.isInteger(value) || Math.abs(value) > 0x7fffffff) throw noCodes(path, value);
      codes[start + i] = value;
    }
  }
  return codes;
}

function noCodes(file: string, value: number): AppError {
  return new AppError('bad-input', `${file} holds ${value}, which is no class code`, {
    subject: file,
    remedy: 'Give a raster of whole numbers, one per class, and 0 where there is no label.',
  });
}
