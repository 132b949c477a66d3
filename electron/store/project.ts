import type { CrsRef } from '../contract/geometry.ts';
import { withSrsId } from '../vector/geoPackageBlob.ts';
import { layers } from './features.ts';
import { undefinedCartesian } from './geoPackage.ts';
import type { ReadableDb, WritableDb } from './rights.ts';

export interface ProjectFacts {
  readonly name: string;
  readonly created: string;
  /** undefined until the first scene is added; null: local pixel coordinates. */
  readonly crs: CrsRef | null | undefined;
}

export function readProject(db: ReadableDb): ProjectFacts {
  const rows = db.all<{ key: string; value: string }>('SELECT key, value FROM swath_meta');
  const meta = new Map(rows.map(({ key, value }) => [key, value]));
  const crs = meta.get('crs');
  return {
    name: meta.get('name') ?? '',
    created: meta.get('created') ?? '',
    crs: crs === undefined ? undefined : (JSON.parse(crs) as CrsRef | null),
  };
}

export function saveMeta(db: WritableDb, key: 'name' | 'created' | 'crs', value: string): void {
  db.run(
    'INSERT INTO swath_meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    key,
    value,
  );
}

/**
 * The one CRS of all layers; null for local pixel coordinates. Features that are there keep their coordinates and are
 * only labelled anew: the caller sees to it that this is right (it is set with the first scene).
 */
export function setProjectCrs(db: WritableDb, crs: CrsRef | null): void {
  db.transaction(() => {
    const srsId = crs ? registerSrs(db, crs) : undefinedCartesian;
    for (const table of layers) {
      db.run('UPDATE gpkg_geometry_columns SET srs_id = ? WHERE table_name = ?', srsId, table);
      db.run('UPDATE gpkg_contents SET srs_id = ? WHERE table_name = ?', srsId, table);
      for (const { fid, geom } of db.all<{ fid: number; geom: Uint8Array }>(
        `SELECT fid, geom FROM ${table} WHERE geom IS NOT NULL`,
      )) {
        db.run(`UPDATE ${table} SET geom = ? WHERE fid = ?`, withSrsId(geom, srsId), fid);
      }
    }
    saveMeta(db, 'crs', JSON.stringify(crs));
  });
}

/** Ids of CRSs without an EPSG code: above every EPSG code, as QGIS does for its own. */
const firstOwnSrsId = 100_000;

/** Row of gpkg_spatial_ref_sys for a CRS; answers its srs_id. EPSG codes are their own ids. */
export function registerSrs(db: WritableDb, crs: CrsRef): number {
  // A row of our own without a definition would make every reader complain.
  if (crs.epsg === null && crs.wkt === null) return undefinedCartesian;
  const definition = crs.wkt ?? 'undefined';
  const name = crs.name ?? (crs.epsg === null ? 'Custom CRS' : `EPSG:${crs.epsg}`);
  if (crs.epsg !== null) {
    db.run(
      'INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL) ON CONFLICT (srs_id) DO NOTHING',
      name,
      crs.epsg,
      'EPSG',
      crs.epsg,
      definition,
    );
    return crs.epsg;
  }
  const known = db.get<{ srs_id: number }>(
    'SELECT srs_id FROM gpkg_spatial_ref_sys WHERE definition = ? AND srs_id >= ?',
    definition,
    firstOwnSrsId,
  );
  if (known) return known.srs_id;
  const top = db.get<{ n: number }>('SELECT max(srs_id) AS n FROM gpkg_spatial_ref_sys')?.n ?? 0;
  const srsId = Math.max(firstOwnSrsId, top + 1);
  db.run(
    'INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)',
    name,
    srsId,
    'NONE',
    srsId,
    definition,
  );
  return srsId;
}
