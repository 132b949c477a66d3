import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { AppError, fromSystemError } from '../base/errors.ts';
import { parseGeoJson } from './readGeoJson.ts';
import { readParquet } from './readParquet.ts';
import { readShapefile, readZippedShapefile } from './readShapefile.ts';
import type { VectorLayer } from './types.ts';

/** Endings that readVector takes; GeoPackages (.gpkg) are read by the store, the one room that knows SQLite. */
export const vectorExtensions = [
  '.geojson',
  '.json',
  '.geojsonl',
  '.shp',
  '.zip',
  '.parquet',
  '.geoparquet',
] as const;

/**
 * One layer of a vector file, chosen by its ending; coordinates as in the file. `layer` chooses within a zip archive.
 * Errors: `not-found`, `bad-input` for a damaged file, `unsupported` for another ending.
 */
export async function readVector(path: string, layer?: string): Promise<VectorLayer> {
  const extension = extname(path).toLowerCase();
  try {
    switch (extension) {
      case '.geojson':
      case '.json':
      case '.geojsonl':
        return parseGeoJson(await readFile(path, 'utf8'), basename(path, extname(path)));
      case '.shp':
        return readShapefile(path);
      case '.zip':
        return readZippedShapefile(path, layer);
      case '.parquet':
      case '.geoparquet':
        return await readParquet(path);
    }
  } catch (error) {
    throw fromSystemError(error, path) ?? error;
  }
  throw new AppError('unsupported', `${basename(path)} is not a vector format that Swath reads`, {
    subject: path,
    remedy: `Give GeoPackage (.gpkg) or one of ${vectorExtensions.join(', ')}.`,
  });
}
