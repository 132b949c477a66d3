/** Files that a user names as outputs: checked before the work, swept after a failure. */
import { accessSync, constants, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { AppError } from '../base/errors.ts';

/**
 * The absolute path of an output that may be written. `ours` are files that an earlier run of this project wrote there.
 * Errors: `not-found` without its folder, `read-only`, `exists` when something else is in its place, `bad-input`.
 */
export function checkOutput(
  path: string,
  extensions: readonly string[],
  ours: (path: string) => boolean,
): string {
  const absolute = resolve(path);
  if (!extensions.some((extension) => absolute.toLowerCase().endsWith(extension))) {
    throw new AppError('bad-input', `${absolute} does not end in ${extensions.join(' or ')}`, {
      subject: absolute,
      remedy: `Name it ${basename(absolute)}${extensions[0] ?? ''}.`,
    });
  }
  const folder = dirname(absolute);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new AppError('not-found', `There is no folder ${folder}`, {
      subject: folder,
      remedy: 'Make it first, or choose another.',
    });
  }
  try {
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw new AppError('read-only', `Cannot write into ${folder}`, {
      subject: folder,
      remedy: 'Choose a folder you may write to.',
      cause,
    });
  }
  if (!existsSync(absolute)) return absolute;
  if (statSync(absolute).isDirectory()) {
    throw new AppError('exists', `${absolute} is a folder`, { subject: absolute, remedy: 'Name a file.' });
  }
  if (!ours(absolute)) {
    throw new AppError('exists', `${absolute} exists and was not made by this project`, {
      subject: absolute,
      remedy: 'Choose another name, or remove it yourself.',
    });
  }
  return absolute;
}

/** Removes what atomic writes of this file and of its sidecars left unfinished when their process was killed. */
export function sweepParts(path: string): void {
  const folder = dirname(path);
  const stem = basename(path, extname(path));
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder)) {
    if (entry.startsWith(`${stem}.`) && entry.endsWith('.part')) rmSync(join(folder, entry), { force: true });
  }
}
