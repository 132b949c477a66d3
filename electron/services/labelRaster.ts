import { openRaster } from '../raster/open.ts';
import { readCodes } from '../raster/readCodes.ts';
import type { Crs, Geotransform } from '../raster/types.ts';
import { polygonize } from '../vector/polygonize.ts';
import type { Feature } from '../vector/types.ts';

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
    const features = polygonize(await readCodes(reader), width, height, 0).map(
      ({ value, geometry }): Feature => ({ geometry, properties: { value } }),
    );
    const placed = crs !== null && geotransform !== null;
    return { width, height, crs: placed ? crs : null, geotransform: placed ? geotransform : null, features };
  } finally {
    await reader.dispose();
  }
}
