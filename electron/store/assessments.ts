import { AppError } from '../base/errors.ts';
import type { Assessment, AssessResult } from '../contract/run.ts';
import { fromJson } from './json.ts';
import type { ReadableDb, Row, WritableDb } from './rights.ts';

/** Newest first. */
export function listAssessments(db: ReadableDb): Assessment[] {
  return db.all('SELECT * FROM assessments ORDER BY created DESC, rowid DESC').map(toAssessment);
}

/** Errors: `not-found`. */
export function getAssessment(db: ReadableDb, id: string): Assessment {
  const row = db.get('SELECT * FROM assessments WHERE id = ?', id);
  if (row) return toAssessment(row);
  throw new AppError('not-found', `There is no assessment ${id}`, { subject: id });
}

/** Its map, when it names one, must be recorded. */
export function addAssessment(db: WritableDb, assessment: Assessment): void {
  db.run(
    'INSERT INTO assessments (id, map, result, created) VALUES (?, ?, ?, ?)',
    assessment.id,
    assessment.map,
    JSON.stringify(assessment.result),
    assessment.created,
  );
}

function toAssessment(row: Row): Assessment {
  return {
    id: String(row.id),
    map: row.map as string | null,
    result: fromJson<AssessResult>(row.result) as AssessResult,
    created: String(row.created),
  };
}
