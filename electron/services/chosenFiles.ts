/** Which files make a scene, and what each is for: pixels, some bands of them, or a mask of clouds. */
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { AppError } from '../base/errors.ts';
import { type MaskId, maskCards, maskIds, recogniseMask } from '../contract/catalog/masks.ts';
import type { SceneSource } from '../contract/jobs.ts';
import type { Params } from '../contract/methods.ts';
import type { SceneFile } from '../contract/scene.ts';
import { bandFilesOf } from './bandFolder.ts';

/** A file by its absolute path, and what of it counts. */
export interface ChosenFile extends Pick<SceneFile, 'bands' | 'mask'> {
  readonly path: string;
}

/**
 * Pixels first, then masks. A folder stands for the bands of the product in it. Among several files those named as masks are (the SCL of Sentinel-2, QA_PIXEL of Landsat,
 * UDM2 of Planet). Errors: usage for a mask of unknown kind; those of `bandFilesOf`.
 */
export function chooseFiles(params: Params<'scenes.add'>): ChosenFile[] {
  const { bands } = params;
  const files = params.files.flatMap((file) => (isFolder(file) ? bandFilesOf(resolve(file)) : [file]));
  const named = files.map((file): ChosenFile => {
    const kind = files.length > 1 ? recogniseMask(basename(file)) : null;
    const path = resolve(file);
    return kind ? { path, mask: kind } : { path, ...(bands ? { bands } : {}) };
  });
  const stated: ChosenFile[] =
    params.mask === undefined
      ? []
      : [{ path: resolve(params.mask), mask: kindOf(params.mask, params.maskKind) }];
  const pixels = named.filter(({ mask }) => mask === undefined);
  return [...pixels, ...named.filter(({ mask }) => mask !== undefined), ...stated];
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

function kindOf(file: string, stated: MaskId | undefined): MaskId {
  const kind = stated ?? recogniseMask(basename(file));
  if (kind !== null) return kind;
  throw new AppError('usage', `What kind of mask ${file} is does not show in its name`, {
    subject: file,
    remedy: `Say which: ${maskIds.map((id) => `${id} = ${maskCards[id].label}`).join('; ')}.`,
  });
}

/** The part of a source that says where its pixels are. */
export function filesOfSource(files: readonly ChosenFile[]): Pick<SceneSource, 'files' | 'picks' | 'mask'> {
  const pixels = files.filter(({ mask }) => mask === undefined);
  const masks = files.filter(({ mask }) => mask !== undefined);
  const [kind] = masks.map(({ mask }) => mask);
  return {
    files: pixels.map(({ path }) => path),
    ...(pixels.some(({ bands }) => bands) ? { picks: pixels.map(({ bands }) => bands ?? null) } : {}),
    ...(kind ? { mask: { files: masks.map(({ path }) => path), kind } } : {}),
  };
}

/** Whether two files are, in part, the same bands. */
export function shareBands(a: ChosenFile | SceneFile, b: ChosenFile | SceneFile): boolean {
  if (a.mask !== undefined || b.mask !== undefined) return false;
  return !a.bands || !b.bands || a.bands.some((band) => b.bands?.includes(band));
}
