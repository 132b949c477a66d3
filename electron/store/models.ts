import { AppError } from '../base/errors.ts';
import type { Model, TrainResult } from '../contract/run.ts';
import { fromJson } from './json.ts';
import type { ReadableDb, Row, WritableDb } from './rights.ts';

/** Newest first. */
export function listModels(db: ReadableDb): Model[] {
  return db.all('SELECT * FROM models ORDER BY created DESC, rowid DESC').map(toModel);
}

/** Errors: `not-found`. */
export function getModel(db: ReadableDb, id: string): Model {
  const row = db.get('SELECT * FROM models WHERE id = ?', id);
  if (row) return toModel(row);
  const known = listModels(db).map((model) => model.id);
  throw new AppError('not-found', `There is no model ${id}`, {
    subject: id,
    remedy: known.length > 0 ? `The project has ${known.slice(0, 10).join(', ')}.` : 'Train one first.',
  });
}

/** Its run must be recorded. */
export function addModel(db: WritableDb, model: Model): void {
  db.run(
    'INSERT INTO models (id, run, encoder, head, scene, result, created) VALUES (?, ?, ?, ?, ?, ?, ?)',
    model.id,
    model.run,
    model.encoder,
    model.head,
    model.scene,
    JSON.stringify(model.result),
    model.created,
  );
}

function toModel(row: Row): Model {
  return {
    id: String(row.id),
    run: String(row.run),
    encoder: String(row.encoder),
    head: String(row.head),
    scene: String(row.scene),
    result: fromJson<TrainResult>(row.result) as TrainResult,
    created: String(row.created),
  };
}
