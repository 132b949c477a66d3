import type { Client } from '../../electron/contract/client.ts';
import type { Result } from '../../electron/contract/methods.ts';

export type Folder = Result<'app.folder'>;
/** Reads one folder of the machine that the app runs on; its own choice when no path is given. */
export type ReadFolder = (path?: string) => Promise<Folder>;

export function createFolderReader(client: Client): ReadFolder {
  return (path) => client.call('app.folder', path ? { path } : {});
}

const rasterNames = /\.(tiff?|gtiff|cog)$/i;
const vectorNames = /\.(geojson|json|gpkg|shp|zip|parquet|geoparquet)$/i;

export function isRaster(name: string): boolean {
  return rasterNames.test(name);
}

/** Label files: vectors, and rasters of class codes. */
export function isLabelFile(name: string): boolean {
  return vectorNames.test(name) || rasterNames.test(name);
}

export function isVector(name: string): boolean {
  return vectorNames.test(name);
}
