/**
 * Reduced versions of large rasters that bring none, in `cache/overviews/`: made in the background once a scene is
 * looked at, derived, so that they may be deleted at any time and are made again.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Scene, SceneFile } from '../contract/scene.ts';
import { openRaster } from '../raster/open.ts';
import { listScenes } from '../store/scenes.ts';
import { type Context, readable, requireOpened } from './context.ts';
import { launch } from './launch.ts';
import { fromStored, type Opened } from './opened.ts';

/** Pixels from which a raster is too slow to be drawn whole without them: 4096 × 4096. */
const largeFrom = 2 ** 24;

/** Scenes that were seen to, by opened project: one try for each opening, whatever comes of it. */
const tried = new WeakMap<Opened, Set<string>>();

const overviewFolder = (project: string) => join(project, 'cache', 'overviews');
/** Named by content: of another raster in the same place they are no overviews. */
const overviewPath = (project: string, file: SceneFile) =>
  join(overviewFolder(project), `${file.fingerprint}.tif`);

/** Raster → its overviews, of the files of a scene that have been made. */
export function overviewsOf(project: string, scene: Pick<Scene, 'files'>): Map<string, string> {
  const made = scene.files.filter((file) => existsSync(overviewPath(project, file)));
  return new Map(made.map((file) => [fromStored(project, file.path), overviewPath(project, file)]));
}

/** Starts making what a scene lacks, if it lacks any. Nothing happens in a project that cannot be written. */
export async function wantOverviews(ctx: Context, scene: Scene): Promise<void> {
  const opened = requireOpened(ctx);
  const seen = tried.get(opened) ?? new Set<string>();
  tried.set(opened, seen);
  const key = `${scene.id}/${scene.files.map((file) => file.fingerprint).join('+')}`;
  if (scene.width * scene.height < largeFrom || seen.has(key) || opened.store.mode !== 'write') return;
  seen.add(key);
  const files: { file: string; out: string }[] = [];
  for (const file of scene.files) {
    const path = fromStored(opened.path, file.path);
    const out = overviewPath(opened.path, file);
    if (!existsSync(out) && (await isLargeAndPlain(path))) files.push({ file: path, out });
  }
  if (files.length === 0 || ctx.opened !== opened || opened.closing) return;
  mkdirSync(overviewFolder(opened.path), { recursive: true });
  sweep(ctx, opened.path);
  launch(ctx, {
    kind: 'overviews',
    method: null,
    params: { scene: scene.id },
    seed: null,
    lane: 'light',
    job: () => ({ kind: 'overviews', files }),
    record: () => {
      // Open readers do not know of them yet.
      void opened.readers.drop(`scene/${scene.id}/`);
    },
  });
}

async function isLargeAndPlain(path: string): Promise<boolean> {
  const reader = await openRaster(path);
  await reader.dispose();
  const { width, height, overviews, hasMask } = reader.info;
  return width * height >= largeFrom / 4 && overviews.length === 0 && !hasMask;
}

/** Removes the overviews of rasters that no scene has any more. */
function sweep(ctx: Context, project: string): void {
  const kept = new Set(
    listScenes(readable(ctx)).flatMap((scene) => scene.files.map((file) => file.fingerprint)),
  );
  for (const name of readdirSync(overviewFolder(project))) {
    if (!kept.has(name.replace(/\.tif(\.parts)?$/, ''))) {
      rmSync(join(overviewFolder(project), name), { recursive: true, force: true });
    }
  }
}
