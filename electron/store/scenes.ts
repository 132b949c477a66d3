import { AppError } from '../base/errors.ts';
import type { CrsRef, Extent } from '../contract/geometry.ts';
import type { Composite, Scene, SceneBand, SceneFile, SceneStatistics } from '../contract/scene.ts';
import { assignments, fromJson, toJson } from './json.ts';
import type { Param, ReadableDb, Row, WritableDb } from './rights.ts';

/** In the order of their dates, undated ones last, then as added. */
export function listScenes(db: ReadableDb): Scene[] {
  return db.all('SELECT * FROM scenes ORDER BY date IS NULL, date, added, id').map(toScene);
}

/** Errors: `not-found`. */
export function getScene(db: ReadableDb, id: string): Scene {
  const row = db.get('SELECT * FROM scenes WHERE id = ?', id);
  if (row) return toScene(row);
  const known = db.all<{ id: string }>('SELECT id FROM scenes ORDER BY id').map((scene) => scene.id);
  throw new AppError('not-found', `There is no scene ${id}`, {
    subject: id,
    remedy: known.length > 0 ? `The project has ${known.join(', ')}.` : 'Add a scene first.',
  });
}

/** Errors: `exists` for an id that is taken. */
export function addScene(db: WritableDb, scene: Scene): void {
  if (db.get('SELECT id FROM scenes WHERE id = ?', scene.id)) {
    throw new AppError('exists', `There is a scene ${scene.id} already`, { subject: scene.id });
  }
  const columns = { id: scene.id, ...toColumns(scene) };
  const names = Object.keys(columns);
  db.run(
    `INSERT INTO scenes (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    ...Object.values(columns).map((value) => value ?? null),
  );
}

/** Statistics found, files relinked, a date corrected. Errors: `not-found`. */
export function changeScene(db: WritableDb, id: string, change: Partial<Omit<Scene, 'id'>>): Scene {
  const { sql, params } = assignments(toColumns(change));
  if (sql !== '') db.run(`UPDATE scenes SET ${sql} WHERE id = ?`, ...params, id);
  return getScene(db, id);
}

/** Results made from it stay. Errors: `not-found`. */
export function removeScene(db: WritableDb, id: string): void {
  getScene(db, id);
  db.run('DELETE FROM scenes WHERE id = ?', id);
}

function toColumns(scene: Partial<Scene>): Record<string, Param | undefined> {
  const json = (value: unknown) => (value === undefined ? undefined : toJson(value));
  return {
    name: scene.name,
    files: json(scene.files),
    date: scene.date,
    sensor: scene.sensor,
    width: scene.width,
    height: scene.height,
    bands: json(scene.bands),
    crs: json(scene.crs),
    geotransform: json(scene.geotransform),
    extent: json(scene.extent),
    resolution: json(scene.resolution),
    statistics: json(scene.statistics),
    composites: json(scene.composites),
    added: scene.added,
  };
}

function toScene(row: Row): Scene {
  return {
    id: String(row.id),
    name: String(row.name),
    files: fromJson<SceneFile[]>(row.files) ?? [],
    date: row.date as string | null,
    sensor: row.sensor as string | null,
    width: Number(row.width),
    height: Number(row.height),
    bands: fromJson<SceneBand[]>(row.bands) ?? [],
    crs: fromJson<CrsRef>(row.crs),
    geotransform: fromJson<number[]>(row.geotransform),
    extent: fromJson<Extent>(row.extent) ?? [0, 0, 0, 0],
    resolution: fromJson<[number, number]>(row.resolution) ?? [1, 1],
    statistics: fromJson<SceneStatistics>(row.statistics),
    composites: fromJson<Composite[]>(row.composites) ?? [],
    added: String(row.added),
  };
}
