/**
 * The GeoPackage standard (OGC 12-128r18) as SQL: the core tables, a feature layer with its R-tree (annex F.3), and what
 * GDAL and QGIS add by convention (gpkg_ogr_contents, layer_styles). Migrations and exports both build on this; it
 * describes a standard and changes only with it.
 */
import type { ReadableDb, WritableDb } from './rights.ts';

export const applicationId = 0x47504b47;
/** GeoPackage 1.3. Our own schema version lives in swath_meta. */
export const userVersion = 10300;
/** Undefined Cartesian: local pixel coordinates, and every project before its first scene. */
export const undefinedCartesian = -1;

const wgs84 =
  'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]';

export function createCoreTables(db: WritableDb): void {
  db.script(`
    PRAGMA application_id = ${applicationId};
    PRAGMA user_version = ${userVersion};
    CREATE TABLE gpkg_spatial_ref_sys (
      srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
      organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
    CREATE TABLE gpkg_contents (
      table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
      last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
      min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
      CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
    CREATE TABLE gpkg_geometry_columns (
      table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
      z TINYINT NOT NULL, m TINYINT NOT NULL,
      CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
      CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
      CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
    CREATE TABLE gpkg_extensions (
      table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
      CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
    CREATE TABLE gpkg_ogr_contents (table_name TEXT NOT NULL PRIMARY KEY, feature_count INTEGER DEFAULT NULL);
    CREATE TABLE layer_styles (
      id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
      f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
      useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME);
  `);
  const srs = 'INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)';
  db.run(srs, 'Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinates');
  db.run(srs, 'Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinates');
  db.run(srs, 'WGS 84', 4326, 'EPSG', 4326, wgs84, 'longitude and latitude in degrees');
  db.run(
    "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('layer_styles', 'attributes', 'layer_styles')",
  );
}

export interface LayerDefinition {
  readonly table: string;
  readonly description: string;
  readonly geometryType: 'POINT' | 'MULTIPOLYGON';
  /** Column definitions after fid and geom, in SQL. */
  readonly columns: readonly string[];
  readonly srsId: number;
}

/** A feature table `fid, geom, …` with R-tree, triggers and all registrations. `table` must be a plain identifier. */
export function createFeatureLayer(db: WritableDb, layer: LayerDefinition): void {
  const { table, srsId } = layer;
  const columns = [
    'fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL',
    `geom ${layer.geometryType}`,
    ...layer.columns,
  ];
  db.script(`CREATE TABLE "${table}" (${columns.join(', ')});`);
  db.run(
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES (?, 'features', ?, ?, ?)",
    table,
    table,
    layer.description,
    srsId,
  );
  db.run(
    "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
    table,
    layer.geometryType,
    srsId,
  );
  db.run('INSERT INTO gpkg_ogr_contents VALUES (?, 0)', table);
  createSpatialIndex(db, table);
  db.script(`
    CREATE TRIGGER "trigger_insert_feature_count_${table}" AFTER INSERT ON "${table}" BEGIN
      UPDATE gpkg_ogr_contents SET feature_count = feature_count + 1 WHERE lower(table_name) = lower('${table}'); END;
    CREATE TRIGGER "trigger_delete_feature_count_${table}" AFTER DELETE ON "${table}" BEGIN
      UPDATE gpkg_ogr_contents SET feature_count = feature_count - 1 WHERE lower(table_name) = lower('${table}'); END;
  `);
}

function createSpatialIndex(db: WritableDb, table: string): void {
  const rtree = `"rtree_${table}_geom"`;
  const filled = '(NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))';
  const bare = '(NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))';
  const store = `INSERT OR REPLACE INTO ${rtree} VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));`;
  const drop = `DELETE FROM ${rtree} WHERE id = OLD.fid;`;
  const trigger = (name: string, event: string, when: string, body: string) =>
    `CREATE TRIGGER "rtree_${table}_geom_${name}" AFTER ${event} ON "${table}" WHEN ${when} BEGIN ${body} END;`;
  db.run(
    `INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')`,
    table,
  );
  db.script(`CREATE VIRTUAL TABLE ${rtree} USING rtree(id, minx, maxx, miny, maxy);`);
  db.script(trigger('insert', 'INSERT', filled, store));
  db.script(trigger('update1', 'UPDATE OF geom', `OLD.fid = NEW.fid AND ${filled}`, store));
  db.script(trigger('update2', 'UPDATE OF geom', `OLD.fid = NEW.fid AND ${bare}`, drop));
  db.script(trigger('update3', 'UPDATE', `OLD.fid != NEW.fid AND ${filled}`, `${drop} ${store}`));
  db.script(
    trigger(
      'update4',
      'UPDATE',
      `OLD.fid != NEW.fid AND ${bare}`,
      `DELETE FROM ${rtree} WHERE id IN (OLD.fid, NEW.fid);`,
    ),
  );
  db.script(trigger('delete', 'DELETE', 'OLD.geom NOT NULL', drop));
}

/** Extent (from the R-tree, so outward to the next float32) and time of change of one layer. */
export function refreshContents(db: WritableDb, table: string, now: string): void {
  const box = db.get<{ minx: number | null; miny: number; maxx: number; maxy: number }>(
    `SELECT min(minx) AS minx, min(miny) AS miny, max(maxx) AS maxx, max(maxy) AS maxy FROM "rtree_${table}_geom"`,
  );
  const { minx = null, miny = null, maxx = null, maxy = null } = box ?? {};
  db.run(
    'UPDATE gpkg_contents SET last_change = ?, min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?',
    now,
    minx,
    miny,
    maxx,
    maxy,
    table,
  );
}

/** GeoPackage's datetime: milliseconds and Z. */
export function gpkgTime(iso: string): string {
  return iso.replace(/(?:\.\d+)?Z$/, '.000Z');
}

/** srs_id of a layer, −1 when it is not registered. */
export function layerSrsId(db: ReadableDb, table: string): number {
  const row = db.get<{ srs_id: number }>(
    'SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = ?',
    table,
  );
  return row?.srs_id ?? undefinedCartesian;
}
