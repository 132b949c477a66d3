import { existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { AppError, fromSystemError } from '../base/errors.ts';
import type { FolderEntry } from '../contract/project.ts';

const offered = new Set([
  ...['.tif', '.tiff', '.geojson', '.json', '.geojsonl', '.gpkg', '.shp', '.zip', '.parquet', '.geoparquet'],
]);

/** What a file chooser shows of a folder (the home folder when none is named): folders, projects, files Swath reads. */
export function listFolder(path: string | undefined): {
  path: string;
  parent: string | null;
  entries: FolderEntry[];
} {
  const folder = resolve(path ?? homedir());
  try {
    const entries = readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .flatMap((name) => entryOf(join(folder, name), name));
    entries.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
    const parent = dirname(folder);
    return { path: folder, parent: parent === folder ? null : parent, entries };
  } catch (error) {
    const denied = (error as { code?: string }).code === 'EACCES';
    if (denied) {
      throw new AppError('not-found', `This folder may not be read: ${folder}`, {
        subject: folder,
        remedy: 'Choose another folder.',
        cause: error,
      });
    }
    throw fromSystemError(error, folder) ?? error;
  }
}

/** Nothing for what is neither folder nor a known file, and for what cannot be looked at (a broken link). */
function entryOf(path: string, name: string): FolderEntry[] {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) {
      const kind = existsSync(join(path, 'project.gpkg')) ? 'project' : 'folder';
      return [{ name, path, kind, bytes: null }];
    }
    return stat.isFile() && offered.has(extname(name).toLowerCase())
      ? [{ name, path, kind: 'file', bytes: stat.size }]
      : [];
  } catch {
    return [];
  }
}

const rank = (entry: FolderEntry) => (entry.kind === 'file' ? 1 : 0);
