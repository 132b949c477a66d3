/**
 * After all installers are made: writes `updates.json` beside them. Whoever copies the folder to a share or a USB stick
 * has made a place that Swath can look for newer versions in.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The one kind of installer per system that is opened; the archives are for other ways of installing. */
const kinds = { exe: 'win32', dmg: 'darwin', AppImage: 'linux' };

/** electron-builder's hook; returns further artefacts. */
export default function listUpdates({ outDir, artifactPaths }) {
  const version = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'),
  ).version;
  const files = artifactPaths.flatMap((path) => entryOf(path));
  const list = join(outDir, 'updates.json');
  writeFileSync(list, `${JSON.stringify({ version, files }, null, 2)}\n`);
  return [list];
}

/** By the name that electron-builder.yml gives: Swath-VERSION-SYSTEM-ARCH.KIND. Nothing for other files. */
export function entryOf(path) {
  const name = basename(path);
  const [, arch, kind] = /-(x64|x86_64|arm64)\.(exe|dmg|AppImage)$/.exec(name) ?? [];
  if (!kind) return [];
  const sha512 = createHash('sha512').update(readFileSync(path)).digest('hex');
  return [{ name, platform: kinds[kind], arch: arch === 'x86_64' ? 'x64' : arch, sha512 }];
}
