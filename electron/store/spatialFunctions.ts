import type { Database } from 'better-sqlite3';
import { blobBounds, readBlobHeader } from '../vector/geoPackageBlob.ts';

/**
 * The functions that R-tree triggers of GeoPackages call (OGC 12-128r18, annex F.3). SQLite has none of its own: without
 * them even an attribute cannot be changed. A blob that is not a geometry answers NULL, so that its row can be mended.
 */
export function registerSpatialFunctions(database: Database): void {
  const register = (name: string, read: (blob: Uint8Array) => number | null) => {
    database.function(name, { deterministic: true }, (blob: unknown) => {
      if (!(blob instanceof Uint8Array)) return null;
      try {
        return read(blob);
      } catch {
        return null;
      }
    });
  };
  register('ST_IsEmpty', (blob) => (blobBounds(blob) === null ? 1 : 0));
  register('ST_MinX', (blob) => blobBounds(blob)?.[0] ?? null);
  register('ST_MinY', (blob) => blobBounds(blob)?.[1] ?? null);
  register('ST_MaxX', (blob) => blobBounds(blob)?.[2] ?? null);
  register('ST_MaxY', (blob) => blobBounds(blob)?.[3] ?? null);
  register('ST_SRID', (blob) => readBlobHeader(blob).srsId);
}
