/** The nouns of this room. Pixels are typed arrays, band-separate; rows run down, columns run right. */

/** x = gt[0] + col·gt[1] + row·gt[2]; y = gt[3] + col·gt[4] + row·gt[5], for the upper left corner of a pixel (GDAL's order). */
export type Geotransform = readonly [number, number, number, number, number, number];

export type DataType =
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'uint32'
  | 'int32'
  | 'uint64'
  | 'int64'
  | 'float16'
  | 'float32'
  | 'float64';

export type PixelArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** A rectangle of pixels; it may reach beyond the raster only where a function says so. */
export interface Window {
  readonly col: number;
  readonly row: number;
  readonly width: number;
  readonly height: number;
}

export interface BandInfo {
  /** From 1, as GDAL counts. */
  readonly index: number;
  readonly name: string | null;
  readonly dtype: DataType;
  readonly nodata: number | null;
  readonly scale: number;
  readonly offset: number;
  readonly wavelengthNm: number | null;
  /** What pixel values are called, from 0, where a sidecar says so. */
  readonly categories: readonly string[] | null;
}

export interface Crs {
  /** EPSG code of the projected or geographic CRS, when the file states one. */
  readonly epsg: number | null;
  readonly name: string | null;
  /** GeoTIFF keys as found (id → value), so that a written raster carries exactly the scene's CRS. */
  readonly geoKeys: Readonly<Record<number, number | string | readonly number[]>>;
}

export interface RasterInfo {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly bands: readonly BandInfo[];
  /** null: local pixel coordinates. */
  readonly crs: Crs | null;
  readonly geotransform: Geotransform | null;
  /** Sizes of the reduced versions stored in the file, largest first. */
  readonly overviews: readonly { readonly width: number; readonly height: number }[];
  readonly tile: { readonly width: number; readonly height: number };
  /** TIFFTAG_DATETIME or metadata, ISO 8601, when stated. */
  readonly acquired: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** RGB entries of a palette, when the raster has one. */
  readonly palette: readonly (readonly [number, number, number])[] | null;
  /** Index of the band that is opacity (0 = not valid), as the file declares it. */
  readonly alphaBand: number | null;
  /** Whether the file carries a mask image of its own. */
  readonly hasMask: boolean;
  /** Ground control points the file has instead of a geotransform; they are counted, not used. */
  readonly controlPoints: number;
  /** Sensor that bands, names or metadata point to (an id of `sensors.ts`). */
  readonly sensor: string | null;
  /** What the compression is called, for display. */
  readonly compression: string;
  readonly warnings: readonly string[];
}

/** Band-separate pixels of one window. `valid[i]` is 0 where any requested band is nodata, masked or not finite. */
export interface WindowPixels {
  readonly width: number;
  readonly height: number;
  readonly bands: readonly PixelArray[];
  readonly valid: Uint8Array;
}

export interface BandStatistics {
  readonly index: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly std: number;
  readonly p2: number;
  readonly p98: number;
  readonly median: number;
  /** Valid pixels as a fraction of those looked at. */
  readonly valid: number;
  readonly histogram: { readonly min: number; readonly max: number; readonly counts: readonly number[] };
}

export interface RasterStatistics {
  readonly exact: boolean;
  readonly samples: number;
  readonly bands: readonly BandStatistics[];
}

/** One class of a classified map. Code 0 is nodata by convention. */
export interface MapClass {
  readonly code: number;
  readonly name: string;
  /** `#rrggbb`. */
  readonly color: string;
}

/** An open raster. Reads are bounded by the cache it was opened with; dispose closes the file. */
export interface RasterReader {
  readonly info: RasterInfo;
  /**
   * Pixels of a window that lies inside the raster, at full resolution (`bands` count from 1; all when absent).
   * Errors: bad-input for a window outside or a file that is cut short.
   */
  readWindow(window: Window, bands?: readonly number[]): Promise<WindowPixels>;
  /** The window resampled to width × height (nearest or average), from the fitting overview when there is one. */
  readResampled(
    window: Window,
    width: number,
    height: number,
    bands: readonly number[] | undefined,
    method: 'nearest' | 'average',
  ): Promise<WindowPixels>;
  dispose(): Promise<void>;
}
