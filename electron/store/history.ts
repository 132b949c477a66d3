/**
 * Undo and redo that survive a restart. A gesture keeps, for every row it touched, the image on the other side: none for
 * an inserted row, the old row for a changed or deleted one. Undoing swaps image and row, newest change first; redoing
 * swaps them back. Nothing is lost even when the row was edited in QGIS in between: that version becomes the image.
 */
import { type Clock, isoTime } from '../base/clock.ts';
import type { HistoryState } from '../contract/labels.ts';
import { gpkgTime, refreshContents } from './geoPackage.ts';
import {
  type Gesture,
  type ReadableDb,
  type Row,
  type UndoableTable,
  undoable,
  type Values,
  type WritableDb,
} from './rights.ts';
import { decodeImage, encodeImage } from './rowImage.ts';
import { refreshStyles } from './styles.ts';

/** Older gestures are forgotten. */
const keptGestures = 1000;

/**
 * One gesture of the user = one transaction = one step of undo. A gesture that changes nothing leaves no trace; one that
 * throws changes nothing. Starting a new one discards what could be redone.
 */
export function gesture<T>(db: WritableDb, label: string, clock: Clock, body: (tx: Gesture) => T): T {
  return db.transaction(() => {
    const changes: { table: UndoableTable; key: number; image: Row | null }[] = [];
    const keep = (table: UndoableTable, key: number) => {
      changes.push({ table, key, image: readRow(db, table, key) });
    };
    const tx: Gesture = {
      all: db.all,
      get: db.get,
      insert(table, values) {
        const key = insertRow(db, table, values);
        changes.push({ table, key, image: null });
        return key;
      },
      update(table, key, values) {
        if (Object.keys(values).length === 0) return;
        keep(table, key);
        updateRow(db, table, key, values);
      },
      remove(table, key) {
        keep(table, key);
        deleteRow(db, table, key);
      },
    };
    const result = body(tx);
    if (changes.length === 0) return result;
    db.run('DELETE FROM history WHERE undone = 1');
    const { rowid } = db.run('INSERT INTO history (label, at) VALUES (?, ?)', label, isoTime(clock));
    for (const { table, key, image } of changes) {
      db.run(
        'INSERT INTO history_changes (history, tbl, key, image) VALUES (?, ?, ?, ?)',
        rowid,
        table,
        key,
        image && encodeImage(image),
      );
    }
    db.run('DELETE FROM history WHERE id <= (SELECT max(id) FROM history) - ?', keptGestures);
    refresh(db, new Set(changes.map(({ table }) => table)), clock);
    return result;
  });
}

/** What undo and redo would do next. */
export function historyState(db: ReadableDb): HistoryState {
  return { undo: next(db, 'undo')?.label ?? null, redo: next(db, 'redo')?.label ?? null };
}

/** Takes back the newest gesture; answers its label and the tables changed, null when there is none. */
export function undo(db: WritableDb, clock: Clock): Swapped | null {
  return swap(db, 'undo', clock);
}

/** Does the gesture that was undone last again. */
export function redo(db: WritableDb, clock: Clock): Swapped | null {
  return swap(db, 'redo', clock);
}

export interface Swapped {
  readonly label: string;
  readonly tables: readonly UndoableTable[];
}

type Direction = 'undo' | 'redo';

function next(db: ReadableDb, direction: Direction): { id: number; label: string } | undefined {
  return direction === 'undo'
    ? db.get('SELECT id, label FROM history WHERE undone = 0 ORDER BY id DESC LIMIT 1')
    : db.get('SELECT id, label FROM history WHERE undone = 1 ORDER BY id LIMIT 1');
}

function swap(db: WritableDb, direction: Direction, clock: Clock): Swapped | null {
  return db.transaction(() => {
    const entry = next(db, direction);
    if (!entry) return null;
    const changes = db.all<{ id: number; tbl: UndoableTable; key: number; image: string | null }>(
      'SELECT id, tbl, key, image FROM history_changes WHERE history = ? ORDER BY id',
      entry.id,
    );
    if (direction === 'undo') changes.reverse();
    for (const { id, tbl, key, image } of changes) {
      const current = readRow(db, tbl, key);
      writeRow(db, tbl, key, current, image === null ? null : decodeImage(image));
      db.run('UPDATE history_changes SET image = ? WHERE id = ?', current && encodeImage(current), id);
    }
    db.run('UPDATE history SET undone = ? WHERE id = ?', direction === 'undo' ? 1 : 0, entry.id);
    const tables = new Set(changes.map(({ tbl }) => tbl));
    refresh(db, tables, clock);
    return { label: entry.label, tables: [...tables] };
  });
}

/** What is derived from the rows: layer extents and times, and the style that shows classes in QGIS. */
function refresh(db: WritableDb, tables: ReadonlySet<UndoableTable>, clock: Clock): void {
  const now = gpkgTime(isoTime(clock));
  for (const table of tables) {
    if (table === 'classes') refreshStyles(db, now);
    else refreshContents(db, table, now);
  }
}

function readRow(db: ReadableDb, table: UndoableTable, key: number): Row | null {
  return db.get(`SELECT * FROM ${table} WHERE ${undoable[table]} = ?`, key) ?? null;
}

function writeRow(
  db: WritableDb,
  table: UndoableTable,
  key: number,
  current: Row | null,
  image: Values | null,
): void {
  if (!image) {
    if (current) deleteRow(db, table, key);
    return;
  }
  // Columns may have been added or dropped in QGIS since the image was kept.
  const columns = new Set(
    db.all<{ name: string }>('SELECT name FROM pragma_table_info(?)', table).map(({ name }) => name),
  );
  const values = Object.fromEntries(Object.entries(image).filter(([name]) => columns.has(name)));
  if (current) updateRow(db, table, key, values);
  else insertRow(db, table, values);
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

function insertRow(db: WritableDb, table: UndoableTable, values: Values): number {
  const names = Object.keys(values);
  const sql = `INSERT INTO ${table} (${names.map(quoted).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  return db.run(sql, ...Object.values(values)).rowid;
}

function updateRow(db: WritableDb, table: UndoableTable, key: number, values: Values): void {
  const sets = Object.keys(values).map((name) => `${quoted(name)} = ?`);
  if (sets.length === 0) return;
  db.run(
    `UPDATE ${table} SET ${sets.join(', ')} WHERE ${undoable[table]} = ?`,
    ...Object.values(values),
    key,
  );
}

function deleteRow(db: WritableDb, table: UndoableTable, key: number): void {
  db.run(`DELETE FROM ${table} WHERE ${undoable[table]} = ?`, key);
}
