import { closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { AppError, fromSystemError } from '../base/errors.ts';
import { type Connection, connect } from './connect.ts';
import { damaged } from './sqliteErrors.ts';

const magic = 'SQLite format 3\0';

/** Errors: `not-found`, `read-only` (no permission), `bad-input` for a file that is no SQLite database. Answers whether it is in WAL mode. */
export function readDatabaseHeader(file: string): { readonly wal: boolean } {
  const header = Buffer.alloc(100);
  try {
    const fd = openSync(file, 'r');
    try {
      if (readSync(fd, header, 0, 100, 0) < 100) throw damaged(file, 'it is shorter than a database header');
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw fromSystemError(error, file) ?? error;
  }
  if (header.toString('latin1', 0, 16) !== magic) throw damaged(file, 'it does not begin like a database');
  return { wal: header[18] === 2 || header[19] === 2 };
}

/** The database and the logs that may lie beside it. */
export const companions = ['-wal', '-journal'] as const;

/**
 * Opens a database without changing a byte of it or of its folder. One in WAL mode, or with an unfinished journal, would
 * be written to by its mere opening, so a copy in the temporary folder is read instead. Close removes the copy.
 */
export function openUntouched(file: string): Connection {
  const { wal } = readDatabaseHeader(file);
  const pending = wal || companions.some((suffix) => existsSync(`${file}${suffix}`));
  return pending ? openCopy(file) : connect(file, { readonly: true });
}

function openCopy(file: string): Connection {
  const folder = mkdtempSync(join(tmpdir(), 'swath-read-'));
  const copy = join(folder, basename(file));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    copyFileSync(file, copy);
    for (const suffix of companions) {
      if (existsSync(`${file}${suffix}`)) copyFileSync(`${file}${suffix}`, `${copy}${suffix}`);
    }
    // Written once, so that its log is played back; then only read.
    const recover = connect(copy, { readonly: false, shown: file });
    recover.pragma('journal_mode = DELETE');
    recover.close();
    const db = connect(copy, { readonly: true, shown: file });
    return {
      ...db,
      close: () => {
        db.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error instanceof AppError ? error : (fromSystemError(error, file) ?? error);
  }
}

/**
 * Opens a project database for reading beside its writer. Where SQLite cannot (a folder that may not be written and a log
 * to play back), a copy is read, which shows the state of this moment.
 */
export function openShared(file: string): Connection {
  const { wal } = readDatabaseHeader(file);
  if (!wal && !existsSync(`${file}-journal`)) return connect(file, { readonly: true });
  try {
    const db = connect(file, { readonly: true });
    db.get('SELECT count(*) FROM sqlite_master');
    return db;
  } catch (error) {
    if (error instanceof AppError && error.code === 'read-only') return openCopy(file);
    throw error;
  }
}
