import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError, fromSystemError } from '../base/errors.ts';

/**
 * Writes beside the target and renames when the bytes are on the disk: a reader sees the old file or the new one,
 * never a part. On any failure the part is removed and the old file is untouched.
 */
export function writeFileAtomic(path: string, data: string | Uint8Array): void {
  const part = partName(path);
  try {
    const fd = openSync(part, 'wx');
    try {
      const bytes = typeof data === 'string' ? Buffer.from(data) : data;
      let offset = 0;
      while (offset < bytes.length)
        offset += writeSync(fd, bytes, offset, Math.min(bytes.length - offset, 1 << 26));
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    commitPart(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw fromSystemError(error, path) ?? error;
  }
}

/** The name of the unfinished file for `path`: in the same folder, so that the rename cannot cross a file system. */
export function partName(path: string): string {
  return `${path}.${randomUUID().slice(0, 8)}.part`;
}

/** Renames the finished part over its target. Virus scanners on Windows hold files for a moment: retried briefly. */
export function commitPart(part: string, path: string): void {
  for (let attempt = 0; ; attempt++) {
    try {
      renameSync(part, path);
      break;
    } catch (error) {
      const code = (error as { code?: string }).code;
      if (attempt >= 20 || (code !== 'EPERM' && code !== 'EACCES' && code !== 'EBUSY')) {
        throw (
          fromSystemError(error, path) ??
          new AppError('internal', `Cannot rename to ${path}`, { cause: error })
        );
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
  syncFolder(dirname(path));
}

/** Makes the rename itself durable. Windows cannot open a folder, and does not need it. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
