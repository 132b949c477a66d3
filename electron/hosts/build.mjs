/**
 * Builds what a browser or Electron needs: the renderer, and the Electron main process, preload and worker.
 * Skipped when the sources have not changed since the last build.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled, root, runNodeSync } from './ensure.mjs';

const vite = 'node_modules/vite/bin/vite.js';
const targets = {
  renderer: {
    builds: [{ config: 'renderer/vite.config.ts', env: {} }],
    sources: ['renderer', 'electron/contract', 'electron/base'],
  },
  electron: {
    builds: ['main', 'preload'].map((target) => ({
      config: 'electron/hosts/electron/vite.config.ts',
      env: { SWATH_ELECTRON_TARGET: target },
    })),
    sources: ['electron'],
  },
};

/** Builds the named targets that are out of date. Throws with the name of the one that failed. */
export function build(names) {
  for (const name of names) {
    const { builds, sources } = targets[name];
    const stamp = hashOf([...sources, 'package-lock.json']);
    const stampFile = join(root, 'dist', `.${name}-built`);
    if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) continue;
    process.stderr.write(`Building ${name} …\n`);
    for (const { config, env } of builds) {
      const code = runNodeSync(vite, ['build', '--config', config, '--logLevel', 'warn'], {
        stdio: ['ignore', 2, 2],
        env: { ...process.env, ...env },
      });
      if (code !== 0) throw new Error(`Building ${name} failed with exit code ${code}`);
    }
    mkdirSync(join(root, 'dist'), { recursive: true });
    writeFileSync(stampFile, stamp);
  }
}

function hashOf(paths) {
  const hash = createHash('sha256');
  const visit = (path) => {
    const full = join(root, path);
    const entries = entriesOf(full);
    if (entries) for (const entry of entries.sort()) visit(`${path}/${entry}`);
    else if (existsSync(full) && !path.endsWith('.md')) hash.update(path).update(readFileSync(full));
  };
  for (const path of paths) visit(path);
  return hash.digest('hex');
}

/** The names in a folder; undefined for a file or nothing. */
function entriesOf(path) {
  try {
    return readdirSync(path);
  } catch {
    return undefined;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  ensureInstalled();
  const names = process.argv.slice(2);
  build(names.length > 0 ? names : Object.keys(targets));
}
