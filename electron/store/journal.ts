import { statfsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isAppError } from '../base/errors.ts';
import type { Connection } from './connect.ts';

/** File systems over a network (Linux magic numbers of NFS, SMB, CIFS, SMB2, 9P, AFS): WAL needs shared memory, which they lack. */
const networkTypes = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x5346414f]);

/** Whether a folder is known to lie on another machine. */
export function isOnNetwork(folder: string): boolean {
  if (process.platform === 'win32') return /^\\\\[^?.]/.test(resolve(folder));
  return networkTypes.has(statfsSync(folder).type >>> 0);
}

/**
 * Write-ahead log on local disks, rollback journal on network drives and wherever else the log cannot be shared (SQLite
 * needs memory common to processes for it, which some mounts lack). FULL: a gesture that was answered survives a loss of
 * power, at the cost of one fsync per gesture. Answers what the user should know, or null.
 */
export function startJournal(db: Pick<Connection, 'pragma'>, folder: string): string | null {
  const logged = !isOnNetwork(folder) && canLog(db);
  if (!logged) db.pragma('journal_mode = DELETE');
  db.pragma('synchronous = FULL');
  return logged
    ? null
    : 'This drive cannot share a write-ahead log: every change is written the slow and safe way, and one program at a time may have the project open.';
}

/** Whether the log was switched on and serves a first read; on a drive that cannot, SQLite says so in either way. */
function canLog(db: Pick<Connection, 'pragma'>): boolean {
  try {
    if (db.pragma('journal_mode = WAL') !== 'wal') return false;
    db.pragma('user_version');
    return true;
  } catch (error) {
    if (isAppError(error, 'locked')) throw error;
    return false;
  }
}

/**
 * Brings everything into the one file and leaves no log beside it, so that it can be copied, and read where nothing may
 * be written. While another program has the file open the log stays; the last one to close clears it.
 */
export function endJournal(db: Connection): void {
  db.pragma('wal_checkpoint(TRUNCATE)');
  try {
    db.pragma('journal_mode = DELETE');
  } catch (error) {
    // Another program reads it: the file is whole with its log.
    if (!isAppError(error, 'locked')) throw error;
  }
}
