import { type Clock, isoTime } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { timeId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import type { AppEvent, Table } from '../contract/events.ts';
import type { Capabilities, Project } from '../contract/project.ts';
import type { Spawn } from '../jobs/protocol.ts';
import type { Runner } from '../jobs/runner.ts';
import { listFields } from '../store/fields.ts';
import { gesture } from '../store/history.ts';
import { readProject } from '../store/project.ts';
import { listRegions } from '../store/regions.ts';
import type { Gesture, ReadableDb, UndoableTable, WritableDb } from '../store/rights.ts';
import { listScenes } from '../store/scenes.ts';
import type { Opened } from './opened.ts';

/** What a host hands over; nothing below it knows which host it is. */
export interface AppOptions {
  readonly spawn: Spawn;
  readonly log: Log;
  /** The newest lines of the log, where the host keeps one. */
  readonly recentLog?: () => readonly string[];
  readonly paths: {
    /** The user's folder for the app's own files: recent projects, the sample project. */
    readonly appData: string;
    /** The folder `resources/`. */
    readonly resources: string;
  };
  readonly capabilities: Capabilities;
  readonly version: string;
  readonly pid: number;
  readonly clock?: Clock;
}

/** What the services share: one project at most is open. */
export interface Context {
  readonly options: AppOptions;
  readonly clock: Clock;
  readonly runner: Runner;
  opened: Opened | null;
  emit(event: AppEvent): void;
}

export function requireOpened(ctx: Context): Opened {
  if (ctx.opened) return ctx.opened;
  throw new AppError('not-found', 'No project is open', { remedy: 'Open a project or make a new one.' });
}

export function readable(ctx: Context): ReadableDb {
  return requireOpened(ctx).store.db;
}

/** Errors: `locked` or `read-only`, with the reason. */
export function writable(ctx: Context): WritableDb {
  const { store, refusal, path } = requireOpened(ctx);
  if (refusal) throw refusal;
  if (store.mode === 'write') return store.writable();
  throw new AppError('read-only', store.notice ?? `${path} is open read-only.`, {
    subject: path,
    remedy: 'Copy the project folder to a place you may write to, and open it there.',
  });
}

export function changed(ctx: Context, ...tables: Table[]): void {
  // Maps are out of date when labels change: windows ask for them too.
  const dependent: Table[] = tables.includes('fields') && !tables.includes('maps') ? ['maps'] : [];
  ctx.emit({ type: 'changed', tables: [...tables, ...dependent] });
}

/** One gesture of the user: one transaction, one step of undo; every window hears of it. */
export function act<T>(
  ctx: Context,
  label: string,
  tables: readonly UndoableTable[],
  body: (tx: Gesture) => T,
): T {
  const result = gesture(writable(ctx), label, ctx.clock, body);
  changed(ctx, ...tables, 'history');
  return result;
}

/** A gesture that touches the fields named by `touched` and nothing else: windows need not read thousands again. */
export function actOnFields<T>(
  ctx: Context,
  label: string,
  body: (tx: Gesture) => T,
  touched: (result: T) => readonly string[],
): T {
  const result = gesture(writable(ctx), label, ctx.clock, body);
  ctx.emit({ type: 'changed', tables: ['fields', 'history', 'maps'], fields: touched(result) });
  return result;
}

export function newId(ctx: Context, prefix: string): string {
  return timeId(prefix, ctx.options.pid, ctx.clock);
}

export function now(ctx: Context): string {
  return isoTime(ctx.clock);
}

/** The open project as every window sees it. */
export function currentProject(ctx: Context): Project {
  const { store, path, refusal } = requireOpened(ctx);
  const facts = readProject(store.db);
  const extents = listScenes(store.db).map((scene) => scene.extent);
  // Coordinates that nothing is written in bind nobody: the next scene decides anew.
  const unused = extents.length === 0 && listFields(store.db).length + listRegions(store.db).length === 0;
  return {
    path,
    ...facts,
    crs: unused ? undefined : facts.crs,
    writable: store.mode === 'write',
    notice: refusal ? `${refusal.message}. It is open read-only.` : store.notice,
    extent:
      extents.length === 0
        ? null
        : [
            Math.min(...extents.map((e) => e[0])),
            Math.min(...extents.map((e) => e[1])),
            Math.max(...extents.map((e) => e[2])),
            Math.max(...extents.map((e) => e[3])),
          ],
  };
}
