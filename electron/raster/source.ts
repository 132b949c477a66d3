import { type FileHandle, open } from 'node:fs/promises';
import { AppError, fromSystemError } from '../base/errors.ts';
import { refuse } from './refusal.ts';

/** A file that is read by offset and never beyond its end: the one place where a header's numbers meet the disk. */
export interface FileSource {
  readonly path: string;
  readonly size: number;
  /** Exactly `length` bytes from `offset`. Errors: bad-input when the file ends before. */
  read(offset: number, length: number): Promise<Uint8Array>;
  dispose(): Promise<void>;
}

/** Errors: not-found, read-only (no permission), bad-input for a folder. */
export async function openSource(path: string): Promise<FileSource> {
  let handle: FileHandle;
  let size: number;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw fromSystemError(error, path) ?? error;
  }
  try {
    const stat = await handle.stat();
    if (stat.isDirectory()) {
      throw new AppError('bad-input', `A folder was given where a raster is needed: ${path}`, {
        subject: path,
        remedy: 'Give a GeoTIFF file.',
      });
    }
    size = stat.size;
  } catch (error) {
    await handle.close();
    throw fromSystemError(error, path) ?? error;
  }
  let closed = false;
  return {
    path,
    size,
    async read(offset, length) {
      // A table of fractions is as false as one that points beyond the end.
      const whole = Number.isInteger(offset) && Number.isInteger(length) && offset >= 0 && length >= 0;
      if (!whole || offset + length > size) throw cutShort(path, size, offset + length);
      const bytes = new Uint8Array(length);
      let got = 0;
      while (got < length) {
        const { bytesRead } = await handle.read(bytes, got, length - got, offset + got);
        // The file shrank after it was opened.
        if (bytesRead === 0) throw cutShort(path, offset + got, offset + length);
        got += bytesRead;
      }
      return bytes;
    },
    async dispose() {
      if (closed) return;
      closed = true;
      await handle.close();
    },
  };
}

/** The error of a file that ends before its own tables say. */
export function cutShort(path: string, size: number, needed: number): AppError {
  return refuse(
    'cut-short',
    `The file is cut short: it has ${size} bytes, its tables point to byte ${needed}`,
    path,
  );
}
