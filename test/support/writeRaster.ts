import type { PixelArray } from '../../electron/raster/types.ts';
import { createRasterWriter, type RasterWriterOptions } from '../../electron/raster/write.ts';

const arrays = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** Writes a GeoTIFF whose pixels a function states; without CRS unless told otherwise. */
export async function writeRaster(
  path: string,
  options: Partial<RasterWriterOptions> & Pick<RasterWriterOptions, 'width' | 'height'>,
  pixel: (col: number, row: number, band: number) => number,
): Promise<string> {
  const full: RasterWriterOptions = {
    dtype: 'float32',
    bands: 1,
    content: 'continuous',
    overviews: 'none',
    crs: null,
    geotransform: null,
    ...options,
  };
  const { width, height, dtype } = full;
  const writer = await createRasterWriter(path, full);
  const bands = Array.from({ length: full.bands }, (_, b): PixelArray => {
    const values = new arrays[dtype](width * height);
    for (let i = 0; i < values.length; i++) values[i] = pixel(i % width, Math.floor(i / width), b + 1);
    return values;
  });
  await writer.writeRows(bands, height);
  await writer.finish();
  return path;
}
