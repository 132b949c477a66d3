import { AppError } from '../base/errors.ts';
import type { MapLayer, MapResult } from '../contract/run.ts';
import { fromJson } from './json.ts';
import type { ReadableDb, Row, WritableDb } from './rights.ts';

/** Newest first. */
export function listMaps(db: ReadableDb): MapLayer[] {
  return db.all('SELECT * FROM maps ORDER BY created DESC, rowid DESC').map(toMap);
}

/** Errors: `not-found`. */
export function getMap(db: ReadableDb, id: string): MapLayer {
  const row = db.get('SELECT * FROM maps WHERE id = ?', id);
  if (row) return toMap(row);
  const known = listMaps(db).map((map) => map.id);
  throw new AppError('not-found', `There is no map ${id}`, {
    subject: id,
    remedy: known.length > 0 ? `The project has ${known.slice(0, 10).join(', ')}.` : 'Make one first.',
  });
}

/** Its model must be recorded. */
export function addMap(db: WritableDb, map: MapLayer): void {
  db.run(
    `INSERT INTO maps (id, model, scene, file, width, height, result, stale, created)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    map.id,
    map.model,
    map.scene,
    map.result.out,
    map.result.width,
    map.result.height,
    JSON.stringify(map.result),
    map.stale ? 1 : 0,
    map.created,
  );
}

/** Marks what was made from a scene or a model as out of date. Answers how many maps. */
export function markStale(
  db: WritableDb,
  by: { readonly scene: string } | { readonly model: string },
): number {
  return 'scene' in by
    ? db.run('UPDATE maps SET stale = 1 WHERE scene = ?', by.scene).changes
    : db.run('UPDATE maps SET stale = 1 WHERE model = ?', by.model).changes;
}

/** With its assessments; the file is the caller's. Errors: `not-found`. */
export function removeMap(db: WritableDb, id: string): void {
  getMap(db, id);
  db.run('DELETE FROM maps WHERE id = ?', id);
}

function toMap(row: Row): MapLayer {
  return {
    id: String(row.id),
    model: String(row.model),
    scene: String(row.scene),
    result: fromJson<MapResult>(row.result) as MapResult,
    stale: row.stale === 1,
    created: String(row.created),
  };
}
