import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Clock, isoTime } from '../base/clock.ts';
import { commitPart, partName } from '../disk/atomicWrite.ts';
import type { Connection } from './connect.ts';

const kept = 5;
const nameParts = /^project-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.gpkg$/;

/** Newest last. */
export function listBackups(folder: string): string[] {
  const backups = join(folder, 'backups');
  if (!existsSync(backups)) return [];
  return readdirSync(backups)
    .filter((name) => nameParts.test(name))
    .sort()
    .map((name) => join(backups, name));
}

/**
 * A whole, compact copy of the database as it is committed, written beside and renamed when complete; the oldest beyond
 * five are removed. When nothing has changed since the newest one, that one is kept alone, so that quiet days do not push
 * out the versions before. Answers its path.
 */
export function backUp(db: Connection, folder: string, clock: Clock): string {
  mkdirSync(join(folder, 'backups'), { recursive: true });
  const path = join(folder, 'backups', `project-${isoTime(clock).replace(/[-:]/g, '')}.gpkg`);
  const part = partName(path);
  try {
    db.run('VACUUM INTO ?', part);
    const newest = listBackups(folder).at(-1);
    if (newest && sameContent(newest, part)) {
      rmSync(part);
      return newest;
    }
    commitPart(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  for (const old of listBackups(folder).slice(0, -kept)) rmSync(old, { force: true });
  return path;
}

const dayMs = 24 * 3600 * 1000;

/** Equal but for the change counter (bytes 24 to 27) and the version-valid-for number (92 to 95) of the header. */
function sameContent(a: string, b: string): boolean {
  if (statSync(a).size !== statSync(b).size) return false;
  const [left, right] = [readFileSync(a), readFileSync(b)];
  for (const bytes of [left, right]) {
    bytes.fill(0, 24, 28);
    bytes.fill(0, 92, 96);
  }
  return left.equals(right);
}

/** Whether the newest backup is a day old or more. */
export function isBackupDue(folder: string, clock: Clock): boolean {
  const newest = listBackups(folder).at(-1);
  if (!newest) return true;
  return clock.now() - Date.parse(basename(newest).replace(nameParts, '$1-$2-$3T$4:$5:$6Z')) >= dayMs;
}
