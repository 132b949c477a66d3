import { statfsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../base/errors.ts';

/** An error of SQLite as one that names the file, the cause and the way out; anything else unchanged. */
export function fromSqlite(error: unknown, file: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const { code } = error;
  const facts = (remedy: string) => ({ subject: file, remedy, cause: error });
  if (code === 'SQLITE_FULL' || (code.startsWith('SQLITE_IOERR') && isFull(file))) {
    return new AppError(
      'disk-full',
      `The disk is full: ${file}`,
      facts('Free some space and do it again; everything saved before is safe.'),
    );
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return damaged(file, error.message, error);
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new AppError(
      'locked',
      `Another program is writing to ${file}`,
      facts('Save and stop editing in the other program (QGIS, for instance), then try again.'),
    );
  }
  if (code.startsWith('SQLITE_READONLY') || code === 'SQLITE_PERM') {
    return new AppError('read-only', `${file} cannot be written (${code})`, facts('Change its permissions.'));
  }
  if (code === 'SQLITE_CANTOPEN') {
    return new AppError('read-only', `${file} cannot be opened (${code})`, facts('Check its permissions.'));
  }
  if (code.startsWith('SQLITE_IOERR')) {
    return new AppError(
      'bad-input',
      `The disk answered with an error while reading or writing ${file} (${code})`,
      facts('Check the drive or the network connection, then open the project again.'),
    );
  }
  return new AppError('internal', `${error.message} (${code}) in ${file}`, { subject: file, cause: error });
}

function isFull(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < 1 << 20;
  } catch {
    return false;
  }
}

/** Never an invitation to delete: the file stays, the backup is opened beside it. */
export function damaged(file: string, found: string, cause?: unknown): AppError {
  return new AppError('bad-input', `${file} is damaged: ${found}`, {
    subject: file,
    remedy:
      basename(file) === 'project.gpkg'
        ? `Nothing was changed. Run \`swath check\` on the project, or copy the newest file of ${join(dirname(file), 'backups')} over it (keep the damaged one).`
        : 'Export or copy it again from its source.',
    cause,
  });
}
