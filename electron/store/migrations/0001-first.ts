import { createCoreTables, createFeatureLayer, undefinedCartesian } from '../geoPackage.ts';
import type { Migration } from './migration.ts';

/** A GeoPackage with three layers, and our tables beside them. */
export const first: Migration = {
  version: 1,
  name: 'first',
  up(db) {
    createCoreTables(db);
    createFeatureLayer(db, {
      table: 'regions',
      description: 'Regions of interest',
      geometryType: 'MULTIPOLYGON',
      columns: ['uuid TEXT', 'name TEXT', 'scene TEXT', 'created DATETIME'],
      srsId: undefinedCartesian,
    });
    createFeatureLayer(db, {
      table: 'fields',
      description: 'Labelled fields',
      geometryType: 'MULTIPOLYGON',
      columns: [
        'uuid TEXT',
        'scene TEXT',
        'class INTEGER',
        "role TEXT DEFAULT 'train'",
        'confidence REAL',
        'source TEXT',
        'note TEXT',
        'created DATETIME',
        'area_pixels REAL',
      ],
      srsId: undefinedCartesian,
    });
    createFeatureLayer(db, {
      table: 'samples',
      description: 'Points of an accuracy assessment',
      geometryType: 'POINT',
      columns: [
        'uuid TEXT',
        'class INTEGER',
        'role TEXT',
        'map_class INTEGER',
        'note TEXT',
        'created DATETIME',
      ],
      srsId: undefinedCartesian,
    });
    // uuid is not UNIQUE: a copy made in QGIS carries its original's, and is given its own when we read it.
    db.script(`
      CREATE INDEX regions_uuid ON regions(uuid);
      CREATE INDEX fields_uuid ON fields(uuid);
      CREATE INDEX samples_uuid ON samples(uuid);
      CREATE TABLE swath_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE classes (code INTEGER PRIMARY KEY, name TEXT NOT NULL, color TEXT NOT NULL, key TEXT);
      CREATE TABLE scenes (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, files TEXT NOT NULL, date TEXT, sensor TEXT,
        width INTEGER NOT NULL, height INTEGER NOT NULL, bands TEXT NOT NULL, crs TEXT, geotransform TEXT,
        extent TEXT NOT NULL, resolution TEXT NOT NULL, statistics TEXT, composites TEXT NOT NULL, added TEXT NOT NULL);
      CREATE TABLE runs (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, method TEXT, params TEXT NOT NULL, result TEXT,
        reason TEXT, error TEXT, device TEXT, seed INTEGER, note TEXT, pid INTEGER, host TEXT,
        created TEXT NOT NULL, started TEXT, ended TEXT);
      CREATE TABLE models (
        id TEXT PRIMARY KEY, run TEXT NOT NULL REFERENCES runs(id), encoder TEXT NOT NULL, head TEXT NOT NULL,
        scene TEXT NOT NULL, result TEXT NOT NULL, created TEXT NOT NULL);
      CREATE TABLE maps (
        id TEXT PRIMARY KEY, model TEXT NOT NULL REFERENCES models(id), scene TEXT NOT NULL, file TEXT NOT NULL,
        width INTEGER NOT NULL, height INTEGER NOT NULL, result TEXT NOT NULL, stale INTEGER NOT NULL DEFAULT 0,
        created TEXT NOT NULL);
      CREATE TABLE assessments (
        id TEXT PRIMARY KEY, map TEXT REFERENCES maps(id) ON DELETE CASCADE, result TEXT NOT NULL, created TEXT NOT NULL);
      CREATE TABLE history (
        id INTEGER PRIMARY KEY AUTOINCREMENT, label TEXT NOT NULL, at TEXT NOT NULL, undone INTEGER NOT NULL DEFAULT 0);
      CREATE TABLE history_changes (
        id INTEGER PRIMARY KEY AUTOINCREMENT, history INTEGER NOT NULL REFERENCES history(id) ON DELETE CASCADE,
        tbl TEXT NOT NULL, key INTEGER NOT NULL, image TEXT);
      CREATE INDEX history_changes_history ON history_changes(history);
    `);
  },
};
