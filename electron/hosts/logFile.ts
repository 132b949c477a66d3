import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isoTime } from '../base/clock.ts';
import type { Log, LogLevel } from '../base/log.ts';

const mostBytes = 1 << 20;
const tailLines = 200;

export interface LogFile {
  readonly path: string;
  readonly log: Log;
  /** The newest lines, oldest first. */
  recent(): readonly string[];
}

/**
 * A log in `folder` of at most two files of a megabyte: the one being written and the one before. Lines are on the disk
 * when the call returns, so that the last words before a crash are there. A log that cannot be written stops nothing.
 */
export function openLogFile(
  folder: string,
  levels: readonly LogLevel[] = ['info', 'warn', 'error'],
): LogFile {
  const path = join(folder, 'swath.log');
  const older = join(folder, 'swath.1.log');
  const append = (line: string) => {
    try {
      mkdirSync(folder, { recursive: true });
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > mostBytes) renameSync(path, older);
      appendFileSync(path, `${line}\n`);
    } catch {
      // A full or read-only disk is told by whoever has something to save.
    }
  };
  return {
    path,
    log(level, message, facts) {
      if (levels.includes(level))
        append(`${isoTime()} ${level} ${message}${facts ? ` ${JSON.stringify(facts)}` : ''}`);
    },
    recent() {
      const lines = [older, path].flatMap((file) => {
        try {
          return readFileSync(file, 'utf8').split('\n').filter(Boolean);
        } catch {
          return [];
        }
      });
      return lines.slice(-tailLines);
    },
  };
}
