/**
 * Newer versions come from a folder that the user names: a share of the office, a USB stick. No server is asked, and
 * nothing is looked for until the user says so. `updates.json` is written beside the installers when they are made.
 */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { AppError, fromSystemError } from '../../base/errors.ts';

const listSchema = z.object({
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'needs a version such as 1.2.3'),
  files: z
    .array(
      z.object({
        name: z.string().min(1).max(255),
        platform: z.enum(['win32', 'darwin', 'linux']),
        arch: z.string().max(20),
        sha512: z.string().regex(/^[0-9a-f]{128}$/, 'needs a SHA-512'),
      }),
    )
    .max(100),
});

export interface Update {
  readonly version: string;
  /** The installer for this machine, its content verified; null when ours is the newest. */
  readonly installer: string | null;
}

/**
 * What the folder offers this machine. Errors: `not-found` (no list, or no installer for this machine), `bad-input` (a
 * damaged list, or an installer that is not what the list says).
 */
export async function findUpdate(
  folder: string,
  mine: { readonly version: string; readonly platform: string; readonly arch: string },
): Promise<Update> {
  const list = readList(folder);
  if (!isNewer(list.version, mine.version)) return { version: mine.version, installer: null };
  const file = list.files.find((f) => f.platform === mine.platform && f.arch === mine.arch);
  if (!file || basename(file.name) !== file.name) {
    throw new AppError('not-found', `${folder} has no installer for ${mine.platform} ${mine.arch}`, {
      subject: folder,
      remedy: 'Ask whoever keeps the folder.',
    });
  }
  const installer = join(folder, file.name);
  if ((await hashOf(installer)) !== file.sha512) {
    throw new AppError('bad-input', `${file.name} is incomplete or was changed`, {
      subject: installer,
      remedy: 'Copy it again from where it came from.',
    });
  }
  return { version: list.version, installer };
}

function readList(folder: string): z.output<typeof listSchema> {
  const path = join(folder, 'updates.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new AppError('not-found', `There is no updates.json in ${folder}`, {
      subject: folder,
      remedy: 'Choose the folder that holds the installers and updates.json.',
      cause: error,
    });
  }
  try {
    return listSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('bad-input', `${path} is damaged`, {
      subject: path,
      remedy: 'Copy it again from where it came from.',
      cause,
    });
  }
}

/** Whether version `a` comes after `b`: numbers compared from the left. */
function isNewer(a: string, b: string): boolean {
  const [x, y] = [a, b].map((v) => v.split(/[.-]/).slice(0, 3).map(Number));
  for (let i = 0; i < 3; i += 1) {
    const difference = (x?.[i] ?? 0) - (y?.[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha512');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (error) {
    throw fromSystemError(error, path) ?? error;
  }
  return hash.digest('hex');
}
