import Database from 'better-sqlite3';
import type { Param, WritableDb } from './rights.ts';
import { registerSpatialFunctions } from './spatialFunctions.ts';
import { fromSqlite } from './sqliteErrors.ts';

export interface Connection extends WritableDb {
  readonly readonly: boolean;
  /** The answer of a PRAGMA, first column of the first row. */
  pragma(text: string): unknown;
  close(): void;
}

/** Waits for other programs' short writes (QGIS saving an edit) this long before saying `locked`. */
const busyTimeoutMs = 5000;

/**
 * Opens an existing database file; every error comes out as an AppError that names `shown` (the file the user knows).
 * Statements are prepared once per text.
 */
export function connect(
  path: string,
  options: { readonly readonly: boolean; readonly create?: boolean; readonly shown?: string },
): Connection {
  const shown = options.shown ?? path;
  const guard = <T>(body: () => T): T => {
    try {
      return body();
    } catch (error) {
      throw fromSqlite(error, shown);
    }
  };
  const database = guard(
    () =>
      new Database(path, {
        readonly: options.readonly,
        fileMustExist: options.create !== true,
        timeout: busyTimeoutMs,
      }),
  );
  const statements = new Map<string, Database.Statement<Param[]>>();
  const prepare = (sql: string): Database.Statement<Param[]> => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare<Param[]>(sql);
    statements.set(sql, statement);
    return statement;
  };
  guard(() => {
    registerSpatialFunctions(database);
    database.pragma('foreign_keys = ON');
  });
  return {
    readonly: options.readonly,
    all: <R extends object>(sql: string, ...params: Param[]) =>
      guard(() => prepare(sql).all(...params) as R[]),
    get: <R extends object>(sql: string, ...params: Param[]) =>
      guard(() => prepare(sql).get(...params) as R | undefined),
    run: (sql, ...params) =>
      guard(() => {
        const { changes, lastInsertRowid } = prepare(sql).run(...params);
        return { changes, rowid: Number(lastInsertRowid) };
      }),
    script: (sql) => {
      guard(() => database.exec(sql));
    },
    transaction: (body) => guard(() => database.transaction(body).immediate()),
    pragma: (text) => guard(() => database.pragma(text, { simple: true })),
    close: () => {
      database.close();
    },
  };
}
