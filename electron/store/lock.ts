import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { type Clock, isoTime } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { isProcessAlive, processStart } from './processes.ts';

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  /** When that process began, in the system's own terms: tells it from a later one with the same pid. */
  readonly start: string | null;
  readonly token: string;
}

export interface Lock {
  /** The last holder died without releasing it: the database may need recovery. */
  readonly wasStale: boolean;
  release(): void;
}

export const lockName = 'project.lock';

/**
 * Takes the project's write lock: a file made by link(2), which fails when it exists. A lock whose process is dead is
 * taken over. Errors: `locked` naming holder and way out; errors of the file system (a read-only folder) as they are.
 */
export function acquireLock(folder: string, clock: Clock): Lock {
  const path = join(folder, lockName);
  const token = randomUUID();
  const mine: Holder = {
    pid: process.pid,
    host: hostname(),
    since: isoTime(clock),
    start: processStart(process.pid),
    token,
  };
  const part = `${path}.${token.slice(0, 8)}.part`;
  writeFileSync(part, JSON.stringify(mine), { flag: 'wx' });
  try {
    const wasStale = linkOrTakeOver(part, path, folder);
    return { wasStale, release: () => releaseLock(path, token) };
  } finally {
    rmSync(part, { force: true });
  }
}

function linkOrTakeOver(part: string, path: string, folder: string): boolean {
  for (let wasStale = false; ; wasStale = true) {
    try {
      place(part, path);
      return wasStale;
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
    }
    const text = readIfThere(path);
    if (text === null) continue;
    const holder = parseHolder(text);
    if (holder && isHeld(holder)) throw held(folder, holder);
    // Moved aside, not deleted: if another process took over in between, this is its lock and goes back.
    const aside = `${part}.stale`;
    try {
      renameSync(path, aside);
    } catch (error) {
      if ((error as { code?: string }).code === 'ENOENT') continue;
      throw error;
    }
    if (readIfThere(aside) !== text) place(aside, path);
    rmSync(aside, { force: true });
  }
}

/** Like link(2): fails with EEXIST when `path` is there. exFAT and some network drives have no links: written anew. */
function place(part: string, path: string): void {
  try {
    linkSync(part, path);
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') throw error;
    writeFileSync(path, readFileSync(part), { flag: 'wx' });
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null;
    throw error;
  }
}

/** null for a lock that cannot be read: it was cut short when its process died. */
function parseHolder(text: string): Holder | null {
  try {
    const value = JSON.parse(text) as Partial<Holder> | null;
    return value && typeof value.pid === 'number' && typeof value.host === 'string'
      ? (value as Holder)
      : null;
  } catch {
    return null;
  }
}

function isHeld(holder: Holder): boolean {
  // A process on another machine cannot be asked; it is believed.
  if (holder.host !== hostname()) return true;
  if (!isProcessAlive(holder.pid)) return false;
  const start = processStart(holder.pid);
  return holder.start === null || start === null || start === holder.start;
}

function held(folder: string, { pid, host, since }: Holder): AppError {
  const elsewhere = host !== hostname();
  return new AppError(
    'locked',
    `${basename(folder)} is open for writing in process ${pid} on ${host} since ${since}`,
    {
      subject: folder,
      remedy: elsewhere
        ? `Close it there, or open it read-only here. If that machine is off for good, delete ${join(folder, lockName)}.`
        : 'Close it there, or open it read-only here.',
    },
  );
}

function releaseLock(path: string, token: string): void {
  if (parseHolder(readIfThere(path) ?? '')?.token === token) rmSync(path, { force: true });
}
