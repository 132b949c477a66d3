import { pixelArea } from '../raster/affine.ts';
import { metresPerUnit } from '../raster/crs.ts';
import type { RasterInfo } from '../raster/types.ts';

/**
 * Hectares that one pixel covers; null where the CRS is not projected or its unit is not known. Areas are measured in the
 * projection; web Mercator is refused because its metres are not metres on the ground.
 */
export function hectaresPerPixel({
  crs,
  geotransform,
}: Pick<RasterInfo, 'crs' | 'geotransform'>): number | null {
  if (!crs || !geotransform || crs.epsg === 3857) return null;
  const metres = metresPerUnit(crs);
  return metres === null ? null : (pixelArea(geotransform) * metres * metres) / 10_000;
}
