/**
 * Opens and makes projects. A project is a folder with `project.gpkg`; whoever writes holds `project.lock`. What cannot be
 * opened for writing is opened for reading with a notice that says why, and what cannot be opened at all is left as it is:
 * nothing here deletes or replaces a database.
 */
import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Clock, isoTime, systemClock } from '../base/clock.ts';
import { AppError, fromSystemError, isAppError } from '../base/errors.ts';
import { type Log, silent } from '../base/log.ts';
import { commitPart, partName } from '../disk/atomicWrite.ts';
import { backUp, isBackupDue } from './backups.ts';
import { type Connection, connect } from './connect.ts';
import { fillIds } from './features.ts';
import { endJournal, startJournal } from './journal.ts';
import { acquireLock, type Lock } from './lock.ts';
import { migrate, migrations, schemaVersion } from './migrate.ts';
import type { Migration } from './migrations/migration.ts';
import { companions, openShared, readDatabaseHeader } from './openRead.ts';
import { saveMeta } from './project.ts';
import { makeStore, type ProjectStore } from './projectStore.ts';
import type { ReadableDb } from './rights.ts';
import { interruptDeadRuns } from './runs.ts';
import { damaged } from './sqliteErrors.ts';

export const databaseName = 'project.gpkg';

export interface OpenOptions {
  readonly clock?: Clock;
  readonly log?: Log;
  /** The schema to bring the project to; another than ours only in tests. */
  readonly migrations?: readonly Migration[];
}

/**
 * Makes the folder and an empty project in it, and opens it for writing. The database appears whole or not at all.
 * Errors: `exists` when there is a project already, `read-only`, `disk-full`.
 */
export function createProject(
  folder: string,
  options: OpenOptions & { readonly name: string },
): ProjectStore {
  const { clock = systemClock } = options;
  const file = join(resolve(folder), databaseName);
  if (existsSync(file)) {
    throw new AppError('exists', `${folder} is a project already`, {
      subject: file,
      remedy: 'Open it, or choose another folder.',
    });
  }
  const part = partName(file);
  try {
    makeFolder(resolve(folder));
    const db = connect(part, { readonly: false, create: true, shown: file });
    try {
      migrate(db, 0);
      saveMeta(db, 'name', options.name);
      saveMeta(db, 'created', isoTime(clock));
    } finally {
      db.close();
    }
    commitPart(part, file);
  } catch (error) {
    // `force` forgives a missing file, but not a file in the place of its folder.
    if (existsSync(part)) rmSync(part);
    throw fromSystemError(error, folder) ?? error;
  }
  return openProject(folder, { ...options, mode: 'write' });
}

/** Level by level: a recursive mkdir on a read-only disk says that the parent does not exist. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw fromSystemError({ code: 'ENOTDIR' }, folder);
    return;
  }
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/**
 * Opens a project. `write` falls back to reading (see `store.notice`) when the place cannot be written or the project was
 * made by a newer version; `read` writes nothing.
 * Errors: `not-found`, `locked` when another process writes, `bad-input` for a damaged database.
 */
export function openProject(
  folder: string,
  options: OpenOptions & { readonly mode: 'write' | 'read' },
): ProjectStore {
  const opening: Opening = { clock: systemClock, log: silent, migrations, ...options, root: resolve(folder) };
  const { root, clock } = opening;
  const file = join(root, databaseName);
  if (!existsSync(file)) {
    throw new AppError('not-found', `${folder} is not a Swath project: it has no ${databaseName}`, {
      subject: folder,
      remedy: 'Give the folder that ends in .swath, or make a project with `swath new`.',
    });
  }
  readDatabaseHeader(file);
  if (options.mode === 'read') return openForReading(opening, file, null);
  const lock = tryLock(root, file, clock);
  if (isAppError(lock)) return openForReading(opening, file, `${lock.message}. It is open read-only.`);
  try {
    return openForWriting(opening, file, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

interface Opening extends Required<OpenOptions> {
  /** The project's folder, absolute. */
  readonly root: string;
}

/** The lock, or why the place cannot be written. */
function tryLock(root: string, file: string, clock: Clock): Lock | AppError {
  try {
    accessSync(file, constants.W_OK);
    return acquireLock(root, clock);
  } catch (error) {
    if (isAppError(error)) throw error;
    const found = fromSystemError(error, root);
    if (found?.code === 'read-only') return found;
    throw found ?? error;
  }
}

function openForReading(opening: Opening, file: string, notice: string | null): ProjectStore {
  const { root, clock, migrations } = opening;
  const db = openShared(file);
  try {
    const version = schemaVersion(db, file);
    return makeStore({
      folder: root,
      file,
      db,
      clock,
      notice: notice ?? (version > migrations.length ? newerNotice(file) : null),
      release: () => db.close(),
    });
  } catch (error) {
    db.close();
    throw error;
  }
}

function newerNotice(file: string): string {
  return `${basename(join(file, '..'))} was made by a newer version of Swath. It is open read-only; update Swath to change it.`;
}

function openForWriting(opening: Opening, file: string, lock: Lock): ProjectStore {
  const { root, clock, log, migrations } = opening;
  // A log beside the file, or a dead holder's lock: the last writer did not close it.
  const unclean = lock.wasStale || companions.some((suffix) => existsSync(`${file}${suffix}`));
  const db = connect(file, { readonly: false });
  try {
    const version = schemaVersion(db, file);
    if (version > migrations.length) {
      db.close();
      lock.release();
      return openForReading(opening, file, newerNotice(file));
    }
    if (unclean || statSync(file).size <= smallBytes) checkPages(db, file);
    const notice = startJournal(db, root);
    if (notice !== null) log('info', `${root}: ${notice}`);
    if (version < migrations.length) {
      backUp(db, root, clock);
      migrate(db, version, migrations);
    } else if (isBackupDue(root, clock)) {
      backUpQuietly(db, root, clock, log);
    }
    for (const id of interruptDeadRuns(db, clock)) log('warn', `Run ${id} was interrupted`);
    fillIds(db);
    return makeStore({
      folder: root,
      file,
      db,
      clock,
      notice,
      release: () => {
        try {
          endJournal(db);
        } finally {
          db.close();
          lock.release();
        }
      },
    });
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Up to this size every page is checked at every start: about a tenth of a second. */
const smallBytes = 32 * 2 ** 20;

function checkPages(db: Connection & ReadableDb, file: string): void {
  const found = db.pragma('quick_check(1)');
  if (found !== 'ok') throw damaged(file, String(found));
}

/** The daily backup is a courtesy: a full disk must not keep a user from the project. */
function backUpQuietly(db: Connection, root: string, clock: Clock, log: Log): void {
  try {
    backUp(db, root, clock);
  } catch (error) {
    log('warn', `No backup could be made: ${error instanceof Error ? error.message : String(error)}`);
  }
}
