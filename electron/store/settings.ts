import type { ReadableDb, WritableDb } from './rights.ts';

/** A note or preference that belongs to the project (the view it was left at, for instance); undefined when never set. */
export function getSetting<T>(db: ReadableDb, key: string): T | undefined {
  const row = db.get<{ value: string }>('SELECT value FROM settings WHERE key = ?', key);
  return row ? (JSON.parse(row.value) as T) : undefined;
}

/** Any JSON value; undefined removes the setting. */
export function saveSetting(db: WritableDb, key: string, value: unknown): void {
  if (value === undefined) db.run('DELETE FROM settings WHERE key = ?', key);
  else {
    db.run(
      'INSERT INTO settings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      JSON.stringify(value),
    );
  }
}
