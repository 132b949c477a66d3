import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './server.ts';

/** Electron's binary, when it has been fetched. */
export function electronBinary(): string | undefined {
  const folder = join(root, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const path = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(path) ? path : undefined;
}
