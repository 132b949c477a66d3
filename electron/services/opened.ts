import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { ByteCache } from '../base/disposable.ts';
import type { AppError } from '../base/errors.ts';
import type { ProjectStore } from '../store/projectStore.ts';
import type { LiveWorker } from './livePreview.ts';
import type { ReaderPool } from './readerPool.ts';

/** An open project: its database, the readers of its rasters, its runs under way. */
export interface Opened {
  readonly path: string;
  readonly store: ProjectStore;
  /** Why nothing may be written though the place could be: another process holds the project. */
  readonly refusal: AppError | null;
  readonly readers: ReaderPool;
  /** Views of tiles by the id of their preview, as bytes. */
  readonly previews: ByteCache<Uint8Array<ArrayBuffer>>;
  /** The process that makes a map while one labels; null until it is wanted. */
  live: LiveWorker | null;
  /** Run id → settles when its end is recorded. */
  readonly active: Map<string, Promise<void>>;
  /** The project is being closed: what is cut short now is interrupted, not cancelled. */
  closing: boolean;
}

/** How a path is kept in the database: relative where the file may move with the project, so up to two folders above. */
export function toStored(project: string, path: string): string {
  const way = relative(project, path);
  const climbs = way.split(sep).filter((part) => part === '..').length;
  return isAbsolute(way) || climbs > 2 ? path : way.split(sep).join('/');
}

export function fromStored(project: string, stored: string): string {
  return resolve(project, stored);
}
