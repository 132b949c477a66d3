import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { HistoryState } from '../contract/labels.ts';
import type { Connection } from './connect.ts';
import { fillIds } from './features.ts';
import { gesture, historyState, redo, type Swapped, undo } from './history.ts';
import type { Gesture, ReadableDb, WritableDb } from './rights.ts';

/** An open project. Queries by noun take `db`; writes take `writable()`, or the `Gesture` inside `gesture`. */
export interface ProjectStore {
  /** Absolute. */
  readonly folder: string;
  readonly file: string;
  readonly mode: 'write' | 'read';
  /** Why it is read-only although writing was asked for, or that it comes from a newer version. */
  readonly notice: string | null;
  readonly clock: Clock;
  readonly db: ReadableDb;
  /** Errors: `read-only`. */
  writable(): WritableDb;
  /** One undoable step; `label` is shown in the menu ("Label 3 fields"). Errors: `read-only`. */
  gesture<T>(label: string, body: (tx: Gesture) => T): T;
  undo(): Swapped | null;
  redo(): Swapped | null;
  history(): HistoryState;
  /**
   * Whether another program (QGIS, GDAL) has changed the file since the last call; new features are given ids then. Ask
   * when the window regains focus.
   */
  noticeOutsideChanges(): boolean;
  /** Brings everything into one file, lets the lock go. Idempotent. */
  dispose(): void;
}

export function makeStore(parts: {
  readonly folder: string;
  readonly file: string;
  readonly db: Connection;
  readonly clock: Clock;
  readonly notice: string | null;
  readonly release: () => void;
}): ProjectStore {
  const { folder, file, db, clock, notice } = parts;
  let open = true;
  let seen = db.pragma('data_version');
  const writable = (): WritableDb => {
    if (!db.readonly) return db;
    throw new AppError('read-only', `${folder} is open read-only`, {
      subject: folder,
      remedy: notice ?? 'Open it for writing to change it.',
    });
  };
  return {
    folder,
    file,
    mode: db.readonly ? 'read' : 'write',
    notice,
    clock,
    db,
    writable,
    gesture: (label, body) => gesture(writable(), label, clock, body),
    undo: () => undo(writable(), clock),
    redo: () => redo(writable(), clock),
    history: () => historyState(db),
    noticeOutsideChanges: () => {
      const now = db.pragma('data_version');
      if (now === seen) return false;
      if (!db.readonly) fillIds(db);
      seen = db.pragma('data_version');
      return true;
    },
    dispose: () => {
      if (!open) return;
      open = false;
      parts.release();
    },
  };
}
