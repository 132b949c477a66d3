import { assert } from '../base/assert.ts';
import { AppError } from '../base/errors.ts';
import { first } from './migrations/0001-first.ts';
import type { Migration } from './migrations/migration.ts';
import type { ReadableDb, WritableDb } from './rights.ts';

export const migrations: readonly Migration[] = [first];

/** Schema version of a database: 0 when it holds nothing yet. Errors: `bad-input` for a database that is not ours. */
export function schemaVersion(db: ReadableDb, file: string): number {
  const tables = db.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'");
  if (tables.length === 0) return 0;
  const stored = tables.some(({ name }) => name === 'swath_meta')
    ? db.get<{ value: string }>("SELECT value FROM swath_meta WHERE key = 'schema'")
    : undefined;
  const version = Number(stored?.value);
  if (stored && Number.isInteger(version) && version > 0) return version;
  throw new AppError('bad-input', `${file} is a database, but not a Swath project`, {
    subject: file,
    remedy: 'Give the folder of a project, or import this file as labels.',
  });
}

/** Applies what is missing, each migration in a transaction of its own with its version. */
export function migrate(db: WritableDb, from: number, steps: readonly Migration[] = migrations): void {
  for (const step of steps.slice(from)) {
    assert(
      step.version === steps.indexOf(step) + 1,
      () => `Migration ${step.name} has number ${step.version}`,
    );
    db.transaction(() => {
      step.up(db);
      db.run(
        "INSERT INTO swath_meta VALUES ('schema', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        String(step.version),
      );
    });
  }
}
