/** Finds the rasters that scenes miss, after a project or its rasters moved. */
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../base/errors.ts';
import type { Params } from '../contract/methods.ts';
import { changeScene, listScenes } from '../store/scenes.ts';
import { type Context, changed, requireOpened, writable } from './context.ts';
import { describeFile, fingerprintOf, inPlaceOf, withStatus } from './sceneFiles.ts';

/** A whole disk is not searched by mistake. */
const mostEntries = 200_000;

/** Ids of the scenes that are whole again, and of those that still miss a file. Errors: `not-found` without the folder. */
export async function searchScenes(
  ctx: Context,
  params: Params<'scenes.search'>,
): Promise<{ relinked: string[]; missing: string[] }> {
  const db = writable(ctx);
  const { path, readers } = requireOpened(ctx);
  const folder = resolve(params.folder);
  const broken = [];
  for (const scene of listScenes(db)) {
    const now = await withStatus(path, scene);
    if (now.files.some((file) => file.status !== 'ok')) broken.push(now);
  }
  if (broken.length === 0) return { relinked: [], missing: [] };
  const sizes = new Set(
    broken.flatMap((scene) => scene.files.filter((f) => f.status !== 'ok').map((f) => f.bytes)),
  );
  const found = new Map<string, string>();
  for (const file of filesOfSize(folder, sizes)) {
    // One that cannot be read is not the one.
    const taken = await fingerprintOf(file).catch(() => null);
    if (taken && !found.has(taken.fingerprint)) found.set(taken.fingerprint, file);
  }
  const relinked: string[] = [];
  for (const scene of broken) {
    const files = [];
    for (const file of scene.files) {
      const moved = file.status === 'ok' ? undefined : found.get(file.fingerprint);
      const [chosen] = moved === undefined ? [] : inPlaceOf([file], [moved]);
      files.push(chosen ? await describeFile(path, chosen) : file);
    }
    if (files.every((file, i) => file === scene.files[i])) continue;
    changeScene(db, scene.id, { files });
    await readers.drop(`scene/${scene.id}/`);
    if (files.every((file) => file.status === 'ok')) relinked.push(scene.id);
  }
  changed(ctx, 'scenes');
  return { relinked, missing: broken.map(({ id }) => id).filter((id) => !relinked.includes(id)) };
}

/** Breadth first, so that near files come before far ones; folders that may not be read and links are passed over. */
function* filesOfSize(root: string, sizes: ReadonlySet<number>): Generator<string> {
  const folders = [root];
  let seen = 0;
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    for (const entry of entriesOf(folder, folder === root)) {
      if (++seen > mostEntries) {
        throw new AppError('bad-input', `${root} holds more than ${mostEntries} files and folders`, {
          subject: root,
          remedy: 'Name a folder nearer to the rasters.',
        });
      }
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !entry.name.startsWith('.')) folders.push(path);
      else if (entry.isFile() && sizes.has(statSync(path, { throwIfNoEntry: false })?.size ?? -1)) yield path;
    }
  }
}

function entriesOf(folder: string, isRoot: boolean) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    if (!isRoot) return [];
    throw new AppError('not-found', `The folder ${folder} cannot be read`, {
      subject: folder,
      remedy: 'Name a folder that is there.',
      cause,
    });
  }
}
