import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { ByteCache } from '../base/disposable.ts';
import { type AppError, isAppError } from '../base/errors.ts';
import { tables } from '../contract/events.ts';
import { markerName, type Project } from '../contract/project.ts';
import { writeFileAtomic } from '../disk/atomicWrite.ts';
import { createProject, type OpenOptions, openProject } from '../store/open.ts';
import { readProject } from '../store/project.ts';
import type { ProjectStore } from '../store/projectStore.ts';
import { listRuns } from '../store/runs.ts';
import { type Context, currentProject, now, requireOpened } from './context.ts';
import { endLivePreview } from './livePreview.ts';
import { sweepParts } from './outputs.ts';
import { createReaderPool } from './readerPool.ts';
import { rememberProject } from './recent.ts';
import { checkOpenedScenes } from './sceneFiles.ts';
import { measureUnmeasured } from './scenes.ts';

/** Makes a project in a folder that it makes too, and opens it. A failure leaves no folder behind. */
export async function createNew(
  ctx: Context,
  params: { path: string; name?: string | undefined },
): Promise<Project> {
  const path = resolve(params.path);
  const wasThere = existsSync(path);
  await closeProject(ctx);
  const name = params.name || basename(path).replace(/\.swath$/i, '');
  try {
    const store = createProject(path, { name, clock: ctx.clock, log: ctx.options.log });
    writeMarker(ctx, store.folder);
    return take(ctx, store, null);
  } catch (error) {
    if (!wasThere && existsSync(path) && readdirSync(path).length === 0) rmdirSync(path);
    throw error;
  }
}

/** A convenience: a project without it is none the worse. */
function writeMarker(ctx: Context, folder: string): void {
  try {
    writeFileAtomic(join(folder, markerName), `${JSON.stringify({ swath: 'project' })}\n`);
  } catch (error) {
    ctx.options.log('warn', 'The file to open the project by could not be written', { error: String(error) });
  }
}

/** Opens a project for writing; read-only, with a notice, where that cannot be or another process writes it. */
export async function openExisting(ctx: Context, params: { path: string }): Promise<Project> {
  const path = resolve(params.path);
  if (ctx.opened?.path === path) return currentProject(ctx);
  const options = { clock: ctx.clock, log: ctx.options.log };
  const { store, refusal } = openStore(path, options);
  await closeProject(ctx);
  const project = take(ctx, store, refusal);
  if (project.writable) {
    sweepInterrupted(ctx);
    await measureUnmeasured(ctx);
  }
  await checkOpenedScenes(ctx);
  return project;
}

function openStore(path: string, options: OpenOptions): { store: ProjectStore; refusal: AppError | null } {
  try {
    return { store: openProject(path, { ...options, mode: 'write' }), refusal: null };
  } catch (error) {
    if (!isAppError(error, 'locked')) throw error;
    return { store: openProject(path, { ...options, mode: 'read' }), refusal: error };
  }
}

/** Enough for the last few previews of tiles. */
const previewBytes = 32 * 2 ** 20;

function take(ctx: Context, store: ProjectStore, refusal: AppError | null): Project {
  const path = store.folder;
  const previews = new ByteCache<Uint8Array<ArrayBuffer>>(previewBytes);
  const readers = createReaderPool();
  ctx.opened = { path, store, refusal, readers, previews, live: null, active: new Map(), closing: false };
  const name = readProject(store.db).name;
  rememberProject(ctx.options.paths.appData, { path, name, opened: now(ctx) }, ctx.options.log);
  ctx.emit({ type: 'changed', tables });
  return currentProject(ctx);
}

/** Ends what runs as interrupted, closes files and database. Nothing to do when none is open. */
export async function closeProject(ctx: Context): Promise<null> {
  const { opened } = ctx;
  if (!opened) return null;
  opened.closing = true;
  for (const id of opened.active.keys()) ctx.runner.cancel(id, 'The project was closed');
  await Promise.all(opened.active.values());
  // Another call may have closed it while we waited.
  if (ctx.opened === opened) {
    ctx.opened = null;
    ctx.emit({ type: 'changed', tables });
  }
  await endLivePreview(opened);
  await opened.readers.dispose();
  opened.store.dispose();
  return null;
}

/** Unfinished parts of outputs outside the run's folder, left by a process that was killed. */
function sweepInterrupted(ctx: Context): void {
  const { db } = requireOpened(ctx).store;
  for (const run of listRuns(db)) {
    if (run.state !== 'interrupted') continue;
    for (const name of ['out', 'confidence', 'report'] as const) {
      const output = run.params[name];
      if (typeof output === 'string') sweepParts(output);
    }
  }
}
