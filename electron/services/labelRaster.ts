import { AppError } from '../base/errors.ts';
import { openRaster } from '../raster/open.ts';
import type { Crs, Geotransform } from '../raster/types.ts';
import { polygonize } from '../vector/polygonize.ts';
import type { Feature } from '../vector/types.ts';

/** Ten bytes a pixel are held at once: 1.3 GB at this many. */
const mostPixels = 128 * 2 ** 20;

/**
 * Class codes of a GeoTIFF as one polygon per 4-connected component, in pixel coordinates (y = row, downwards); 0 and
 * nodata are no label. `crs` and `geotransform` are null unless both are stated.
 * Errors: those of `openRaster`; bad-input for values that are no codes; unsupported when it is too large.
 */
export async function readLabelRaster(file: string): Promise<{
  readonly width: number;
  readonly height: number;
  readonly crs: Crs | null;
  readonly geotransform: Geotransform | null;
  readonly features: Feature[];
}> {
  const reader = await openRaster(file);
  try {
    const { width, height, crs, geotransform } = reader.info;
    if (width * height > mostPixels) {
      throw new AppError(
        'unsupported',
        `${file} has ${width} × ${height} pixels, too many to trace at once`,
        {
          subject: file,
          remedy: 'Turn it into polygons with gdal_polygonize.py, or cut it to the scene.',
        },
      );
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
        if (!Number.isInteger(value) || Math.abs(value) > 0x7fffffff) throw noCodes(file, value);
        codes[start + i] = value;
      }
    }
    const features = polygonize(codes, width, height, 0).map(
      ({ value, geometry }): Feature => ({ geometry, properties: { value } }),
    );
    const placed = crs !== null && geotransform !== null;
    return { width, height, crs: placed ? crs : null, geotransform: placed ? geotransform : null, features };
  } finally {
    await reader.dispose();
  }
}

function noCodes(file: string, value: number): AppError {
  return new AppError('bad-input', `${file} holds ${value}, which is no class code`, {
    subject: file,
    remedy: 'Give a raster of whole numbers, one per class, and 0 where there is no label.',
  });
}
