/**
 * What encoders saw, in `cache/features/RUN/`: derived from encoder and scene, so it may be deleted at any time; the oldest
 * goes when there is too much of it.
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { featureFiles } from '../contract/jobs.ts';
import type { Run } from '../contract/run.ts';
import type { Scene } from '../contract/scene.ts';
import { listRuns } from '../store/runs.ts';
import { type Context, readable, requireOpened } from './context.ts';

/** Bytes kept at most beside the newest. */
const mostBytes = 4 * 2 ** 30;

export function featuresFolder(project: string, run: string): string {
  return join(project, 'cache', 'features', run);
}

/** Of all files of a scene: another raster in its place is another scene. */
export function sceneKey(scene: Pick<Scene, 'files'>): string {
  return scene.files.map((file) => file.fingerprint).join('+');
}

/** The newest look through an encoder (any, when null) at a scene as it is now, of which the files are still there. */
export function findFeatures(ctx: Context, scene: Scene, encoder: string | null): Run | null {
  const { path } = requireOpened(ctx);
  const key = sceneKey(scene);
  const found = listRuns(readable(ctx)).filter(
    ({ kind, state, params, id }) =>
      kind === 'embed' &&
      state === 'done' &&
      params.scene === scene.id &&
      params.sceneKey === key &&
      (encoder === null || params.encoder === encoder) &&
      existsSync(join(featuresFolder(path, id), featureFiles.embedding)),
  );
  return found.sort((a, b) => a.created.localeCompare(b.created)).at(-1) ?? null;
}

/** Removes the oldest until the rest fits beside `newest`. */
export function trimFeatures(project: string, newest: string): void {
  const root = join(project, 'cache', 'features');
  const folders = readdirSync(root)
    .filter((name) => name !== newest)
    .map((name) => ({ path: join(root, name), ...sizeOf(join(root, name)) }))
    .sort((a, b) => b.changed - a.changed);
  let held = 0;
  for (const { path, bytes } of folders) {
    held += bytes;
    if (held > mostBytes) rmSync(path, { recursive: true, force: true });
  }
}

function sizeOf(folder: string): { bytes: number; changed: number } {
  const stats = readdirSync(folder).map((name) => statSync(join(folder, name)));
  return {
    bytes: stats.reduce((sum, { size }) => sum + size, 0),
    changed: Math.max(0, ...stats.map(({ mtimeMs }) => mtimeMs)),
  };
}
