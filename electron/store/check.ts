import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Clock, isoTime, systemClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { listBackups } from './backups.ts';
import { geometryOf, type LayerTable, layers } from './features.ts';
import { gpkgTime, refreshContents } from './geoPackage.ts';
import { listMaps } from './maps.ts';
import { openProject } from './open.ts';
import type { ProjectStore } from './projectStore.ts';
import type { ReadableDb, WritableDb } from './rights.ts';
import { listScenes } from './scenes.ts';
import { refreshStyles } from './styles.ts';

export interface Finding {
  /** What it is about: a file, a layer, a row. */
  readonly subject: string;
  readonly problem: string;
  /** True when it was derived data and has been made anew. */
  readonly repaired: boolean;
  readonly remedy: string | null;
}

export interface CheckReport {
  readonly folder: string;
  /** Nothing is wrong that was not repaired. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** Newest last. */
  readonly backups: readonly string[];
}

/**
 * Verifies a project: every page of the database, references between tables, geometries, spatial indexes and counts, files
 * of scenes and maps (presence and size). What is derived is repaired where the project may be written; the user's own data
 * are only reported. A damaged database is a finding, not an error, and is not touched.
 * Errors: `not-found` for a folder that is not a project.
 */
export function checkProject(folder: string, clock: Clock = systemClock): CheckReport {
  const backups = listBackups(resolve(folder));
  let findings: Finding[];
  try {
    const store = openForCheck(folder, clock);
    try {
      findings = [...checkDatabase(store), ...checkLayers(store), ...checkFiles(store)];
    } finally {
      store.dispose();
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'not-found') throw error;
    const { message, subject = folder, remedy = null } = error;
    findings = [{ subject, problem: message, repaired: false, remedy }];
  }
  return { folder: resolve(folder), ok: findings.every((f) => f.repaired), findings, backups };
}

/** For writing where that is possible, so that derived data can be repaired. */
function openForCheck(folder: string, clock: Clock): ProjectStore {
  try {
    return openProject(folder, { mode: 'write', clock });
  } catch (error) {
    if (error instanceof AppError && error.code === 'locked')
      return openProject(folder, { mode: 'read', clock });
    throw error;
  }
}

function checkDatabase({ db, file }: ProjectStore): Finding[] {
  const pages = db
    .all<{ integrity_check: string }>('PRAGMA integrity_check(20)')
    .map((row) => row.integrity_check)
    .filter((found) => found !== 'ok');
  const references = db
    .all<{ table: string; rowid: number | null; parent: string }>('PRAGMA foreign_key_check')
    .map(
      ({ table, rowid, parent }) =>
        `row ${rowid ?? '?'} of ${table} refers to something missing in ${parent}`,
    );
  const remedy = 'Copy the newest backup over project.gpkg, and keep the damaged file.';
  return [
    ...pages.map((problem) => ({ subject: file, problem, repaired: false, remedy })),
    ...references.map((problem) => ({ subject: file, problem, repaired: false, remedy: null })),
  ];
}

function checkLayers(store: ProjectStore): Finding[] {
  const { db, mode, clock } = store;
  const findings: Finding[] = [];
  for (const table of layers) {
    const broken = db
      .all<{ fid: number; geom: unknown }>(`SELECT fid, geom FROM ${table}`)
      .filter(({ geom }) => geometryOf(geom) === null);
    for (const { fid } of broken) {
      findings.push({
        subject: `${table} ${fid}`,
        problem: 'has no geometry that can be read, so it is not shown',
        repaired: false,
        remedy: 'Draw it again, or remove it in QGIS.',
      });
    }
    for (const problem of derivedProblems(db, table)) {
      findings.push({
        subject: table,
        problem,
        repaired: mode === 'write',
        remedy: mode === 'write' ? null : 'Close the project elsewhere and run `swath check` again.',
      });
    }
  }
  if (mode === 'write' && findings.some((f) => f.repaired)) rebuildDerived(store.writable(), clock);
  return findings;
}

/** What the spatial index, the extent and the feature count get wrong about a layer. */
function derivedProblems(db: ReadableDb, table: LayerTable): string[] {
  const count = (sql: string) => db.get<{ n: number }>(sql)?.n ?? 0;
  const rtree = `rtree_${table}_geom`;
  const problems: string[] = [];
  // R-trees keep float32 boxes rounded outwards: half a metre is enough for any projected CRS.
  const slack =
    'max(1e-6, 2e-7 * max(abs(ST_MaxX(t.geom)), abs(ST_MaxY(t.geom)), abs(ST_MinX(t.geom)), abs(ST_MinY(t.geom))))';
  const wrong = count(
    `SELECT count(*) AS n FROM ${table} t LEFT JOIN ${rtree} r ON r.id = t.fid
     WHERE t.geom IS NOT NULL AND ST_IsEmpty(t.geom) = 0 AND (r.id IS NULL
       OR abs(r.minx - ST_MinX(t.geom)) > ${slack} OR abs(r.maxx - ST_MaxX(t.geom)) > ${slack}
       OR abs(r.miny - ST_MinY(t.geom)) > ${slack} OR abs(r.maxy - ST_MaxY(t.geom)) > ${slack})`,
  );
  const orphans = count(
    `SELECT count(*) AS n FROM ${rtree} WHERE id NOT IN (SELECT fid FROM ${table} WHERE geom IS NOT NULL)`,
  );
  if (wrong + orphans > 0) problems.push(`the spatial index is wrong about ${wrong + orphans} features`);
  const rows = count(`SELECT count(*) AS n FROM ${table}`);
  const stated = count(`SELECT feature_count AS n FROM gpkg_ogr_contents WHERE table_name = '${table}'`);
  if (rows !== stated) problems.push(`the feature count says ${stated}, there are ${rows}`);
  return problems;
}

function rebuildDerived(db: WritableDb, clock: Clock): void {
  const now = gpkgTime(isoTime(clock));
  db.transaction(() => {
    for (const table of layers) {
      db.run(`DELETE FROM rtree_${table}_geom`);
      db.run(
        `INSERT INTO rtree_${table}_geom SELECT fid, ST_MinX(geom), ST_MaxX(geom), ST_MinY(geom), ST_MaxY(geom)
         FROM ${table} WHERE geom IS NOT NULL AND ST_IsEmpty(geom) = 0`,
      );
      db.run(
        `INSERT INTO gpkg_ogr_contents SELECT ?, count(*) FROM ${table} WHERE true
         ON CONFLICT (table_name) DO UPDATE SET feature_count = excluded.feature_count`,
        table,
      );
      refreshContents(db, table, now);
    }
    refreshStyles(db, now);
  });
}

function checkFiles({ db, folder }: ProjectStore): Finding[] {
  const findings: Finding[] = [];
  for (const scene of listScenes(db)) {
    for (const { path, bytes } of scene.files) {
      const file = resolve(folder, path);
      const problem = !existsSync(file)
        ? 'is missing'
        : statSync(file).size !== bytes
          ? `has ${statSync(file).size} bytes, ${bytes} when it was added`
          : null;
      if (problem) {
        const remedy = `Relink scene ${scene.id}, or bring the file back.`;
        findings.push({ subject: file, problem: `${problem} (scene ${scene.id})`, repaired: false, remedy });
      }
    }
  }
  for (const { id, result } of listMaps(db)) {
    const file = resolve(folder, result.out);
    if (!existsSync(file)) {
      findings.push({
        subject: file,
        problem: `is missing (map ${id})`,
        repaired: false,
        remedy: 'Make the map again, or remove it.',
      });
    }
  }
  return findings;
}
