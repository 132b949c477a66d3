import { must } from '../../electron/base/assert.ts';
import type { RasterInfo, RasterReader } from '../../electron/raster/types.ts';

export interface ArrayRaster {
  readonly width: number;
  readonly height: number;
  readonly bands: readonly Float32Array[];
  readonly valid?: Uint8Array;
  readonly names?: readonly (string | null)[];
}

/** A raster held in arrays, for tests that are about what is done with pixels and not about files. */
export function arrayRaster({ width, height, bands, valid, names }: ArrayRaster): RasterReader {
  const info: RasterInfo = {
    path: 'array',
    width,
    height,
    bands: bands.map((_, i) => ({
      index: i + 1,
      name: names?.[i] ?? null,
      dtype: 'float32',
      nodata: null,
      scale: 1,
      offset: 0,
      wavelengthNm: null,
      categories: null,
    })),
    crs: null,
    geotransform: null,
    overviews: [],
    tile: { width, height: 1 },
    acquired: null,
    metadata: {},
    palette: null,
    warnings: [],
    alphaBand: null,
    hasMask: false,
    controlPoints: 0,
    sensor: null,
    compression: 'none',
  };
  return {
    info,
    async readWindow(window, chosen = info.bands.map((band) => band.index)) {
      const cut = <T extends Float32Array | Uint8Array>(from: T, to: T): T => {
        for (let y = 0; y < window.height; y++) {
          for (let x = 0; x < window.width; x++)
            to[y * window.width + x] = from[(window.row + y) * width + window.col + x] as number;
        }
        return to;
      };
      const count = window.width * window.height;
      return {
        width: window.width,
        height: window.height,
        bands: chosen.map((band) => cut(must(bands[band - 1], 'band'), new Float32Array(count))),
        valid: valid ? cut(valid, new Uint8Array(count)) : new Uint8Array(count).fill(1),
      };
    },
    readResampled: () => Promise.reject(new Error('not offered')),
    dispose: async () => {},
  };
}
