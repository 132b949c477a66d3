/** The raster files behind a scene: where they are now, and whether they are still what was added. */
import { existsSync, statSync } from 'node:fs';
import { AppError, fromSystemError } from '../base/errors.ts';
import type { SceneSource } from '../contract/jobs.ts';
import type { Scene, SceneBand, SceneFile } from '../contract/scene.ts';
import { openSource } from '../feed/source.ts';
import { fingerprint } from '../raster/fingerprint.ts';
import type { RasterReader } from '../raster/types.ts';
import { listScenes } from '../store/scenes.ts';
import { type ChosenFile, filesOfSource } from './chosenFiles.ts';
import { type Context, requireOpened } from './context.ts';
import { fromStored, toStored } from './opened.ts';
import { overviewsOf } from './overviews.ts';

const known = new Map<string, { stamp: string; fingerprint: string }>();

/** The fingerprint of a file; taken again only when its size or time of change is another. Errors: not-found. */
export async function fingerprintOf(path: string): Promise<{ bytes: number; fingerprint: string }> {
  try {
    const { size: bytes, mtimeMs } = statSync(path);
    const stamp = `${bytes} ${mtimeMs}`;
    const before = known.get(path);
    if (before?.stamp === stamp) return { bytes, fingerprint: before.fingerprint };
    const taken = await fingerprint(path);
    known.set(path, { stamp, fingerprint: taken });
    return { bytes, fingerprint: taken };
  } catch (error) {
    throw fromSystemError(error, path) ?? error;
  }
}

export async function describeFile(project: string, { path, ...kept }: ChosenFile): Promise<SceneFile> {
  return { path: toStored(project, path), ...(await fingerprintOf(path)), status: 'ok', ...kept };
}

/** Other paths for the files of a scene, in their order: each is used for what the one before was. */
export function inPlaceOf(files: readonly SceneFile[], paths: readonly string[]): ChosenFile[] {
  return paths.map((path, i) => {
    const { bands, mask } = files[i] ?? {};
    return { path, ...(bands ? { bands } : {}), ...(mask ? { mask } : {}) };
  });
}

/** The scene with the state of its files as it is now. */
export async function withStatus(project: string, scene: Scene): Promise<Scene> {
  const files: SceneFile[] = [];
  for (const file of scene.files) {
    const found = await fingerprintOf(fromStored(project, file.path)).catch(() => null);
    const status = found === null ? 'missing' : found.fingerprint === file.fingerprint ? 'ok' : 'changed';
    files.push({ ...file, status });
  }
  return { ...scene, files };
}

/** What a worker is given. Errors: `not-found` naming the file that is missing. */
export function sourceOf(project: string, scene: Scene): SceneSource {
  const files = scene.files.map((file) => ({ ...file, path: fromStored(project, file.path) }));
  const path = files.find((file) => !existsSync(file.path))?.path;
  if (path !== undefined) {
    throw new AppError('not-found', `The file of scene ${scene.name} is missing: ${path}`, {
      subject: path,
      remedy: 'Put it back, or relink the scene to where it is now.',
    });
  }
  return {
    scene: scene.id,
    ...filesOfSource(files),
    sensor: scene.sensor,
    date: scene.date,
    ...(scene.bands.some((band) => band.scale !== undefined) ? { units: scene.bands.map(unitsOf) } : {}),
  };
}

const unitsOf = ({ scale = 1, offset = 0 }: SceneBand) => ({ scale, offset });

const cacheBytes = 96 * 2 ** 20;

/** Reads from a scene through the project's pool of open files. */
export function readScene<T>(
  ctx: Context,
  scene: Scene,
  read: (reader: RasterReader) => Promise<T>,
): Promise<T> {
  const { path, readers } = requireOpened(ctx);
  const key = `scene/${scene.id}/${scene.files.map((file) => file.fingerprint).join('+')}`;
  const open = () => openSource(sourceOf(path, scene), { cacheBytes, overviews: overviewsOf(path, scene) });
  return readers.use(key, open, read);
}

/** Tells the user, at the opening of a project, which rasters are not what or where they were. */
export async function checkOpenedScenes(ctx: Context): Promise<void> {
  const { path, store } = requireOpened(ctx);
  for (const scene of listScenes(store.db)) {
    const file = (await withStatus(path, scene)).files.find(({ status }) => status !== 'ok');
    if (!file) continue;
    const what = file.status === 'missing' ? 'is missing' : 'is not the file that was added';
    ctx.emit({
      type: 'notice',
      level: 'warn',
      message: `Scene ${scene.name}: ${fromStored(path, file.path)} ${what}. Relink it.`,
    });
  }
}
