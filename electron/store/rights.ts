/**
 * What a piece of code may do to the database is its type: a query takes `ReadableDb` and cannot write; `WritableDb` is
 * had only from a store opened for writing; `Gesture` only inside `gesture`, where every change goes into the history.
 */
export type Param = string | number | null | Uint8Array;
export type Row = Readonly<Record<string, unknown>>;

export interface ReadableDb {
  all<R extends object = Row>(sql: string, ...params: Param[]): R[];
  get<R extends object = Row>(sql: string, ...params: Param[]): R | undefined;
}

export interface WritableDb extends ReadableDb {
  /** Answers the number of changed rows and the last inserted rowid. */
  run(sql: string, ...params: Param[]): { readonly changes: number; readonly rowid: number };
  /** Several statements at once, for schemas. */
  script(sql: string): void;
  /** All or nothing; nested calls are savepoints. */
  transaction<T>(body: () => T): T;
}

/** Tables whose changes can be undone, with their keys. */
export const undoable = { regions: 'fid', fields: 'fid', samples: 'fid', classes: 'code' } as const;
export type UndoableTable = keyof typeof undoable;
export type Values = Readonly<Record<string, Param>>;

export interface Gesture extends ReadableDb {
  /** Answers the new row's key. */
  insert(table: UndoableTable, values: Values): number;
  update(table: UndoableTable, key: number, values: Values): void;
  remove(table: UndoableTable, key: number): void;
}
