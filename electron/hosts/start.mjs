/**
 * `npm start`: installs, builds and opens the app on the sample project. In Electron where its binary is there or can be
 * fetched; else, said in one line, the same app from the loopback web host in the default browser.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { endTogether, ensureInstalled, nodePath, root, runNode } from './ensure.mjs';

const args = process.argv.slice(2);
ensureInstalled();
build(['renderer']);

const electron = args.includes('--web') ? { reason: undefined } : findElectron();
if (electron.binary) {
  build(['electron']);
  const child = spawn(electron.binary, [root, ...args], { stdio: 'inherit' });
  endTogether(child);
  child.on('exit', (code) => process.exit(code ?? 1));
} else {
  if (electron.reason)
    process.stderr.write(`Electron cannot run here (${electron.reason}); opening in the browser instead.\n`);
  runNode('electron/hosts/cli/main.ts', [
    'serve',
    '--sample',
    '--open',
    ...args.filter((a) => a !== '--web'),
  ]);
}

/** The electron package fetches its binary itself on first use: tried once with a time limit, never required. */
function findElectron() {
  if (process.platform === 'linux') {
    if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return { reason: 'there is no display' };
    if (process.getuid?.() === 0) return { reason: 'Chromium’s sandbox refuses the root user' };
  }
  const folder = join(root, 'node_modules', 'electron');
  if (!binaryIn(folder) && existsSync(join(folder, 'install.js'))) {
    process.stderr.write('Fetching Electron (first run) …\n');
    spawnSync(nodePath(), [join(folder, 'install.js')], { cwd: folder, stdio: 'ignore', timeout: 180_000 });
  }
  const binary = binaryIn(folder);
  return binary ? { binary } : { reason: 'its binary could not be fetched' };
}

function binaryIn(folder) {
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const path = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(path) ? path : undefined;
}
