/**
 * Makes a fresh clone ready: installs the packages when they are missing or the lockfile changed, and runs the rest with
 * the Node 24 that comes among them. Plain JavaScript on purpose: whatever Node the machine has (20 or later) reads it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const stampFile = join(root, 'node_modules', '.swath-installed');

/** Installs from the lockfile, once per lockfile. Output goes to stderr: stdout may be somebody's JSON. */
export function ensureInstalled() {
  const stamp = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp && existsSync(nodePath())) return;
  process.stderr.write('Installing packages (first run, about a minute) …\n');
  // npm_execpath is the npm that is running us; without it (plain `node`), npm is found on the PATH.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const options = {
    cwd: root,
    stdio: ['ignore', 2, 2],
    // For npm versions that do not know `allowScripts`: the CUDA libraries are not wanted.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  };
  const done = npm
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (done.status !== 0) {
    process.stderr.write(
      `Installing failed (npm ci ended with ${done.status ?? done.signal ?? done.error?.message}). ` +
        'Check that the npm registry can be reached, then run the command again.\n',
    );
    process.exit(1);
  }
  writeFileSync(stampFile, stamp);
}

/** Node 24 as installed by the `node` package; the machine's own where it is new enough and that one is missing. */
export function nodePath() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const installed = join(root, 'node_modules', 'node', 'bin', name);
  if (existsSync(installed)) return installed;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 6) ? process.execPath : installed;
}

/** Runs a script of the repository with Node 24, with our input and output, and ends as it ends. */
export function runNode(script, args = [], env = {}) {
  const child = spawn(nodePath(), [join(root, script), ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  endTogether(child);
  child.on('error', (error) => {
    process.stderr.write(`Cannot start ${nodePath()}: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

/**
 * The child ends when we are asked to: Ctrl-C reaches the whole group of a terminal, other signals are passed on. A
 * signal sent to npm alone ends npm and the shell between us, and nobody tells us: then our parent is another one.
 */
export function endTogether(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // Under anything but npm (a service, a detached shell) outliving the parent may be what is wanted.
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 500);
  watch.unref();
}

/** Runs a script and waits for its exit code. */
export function runNodeSync(script, args = [], options = {}) {
  const done = spawnSync(nodePath(), [join(root, script), ...args], {
    cwd: root,
    stdio: 'inherit',
    ...options,
  });
  return done.status ?? 1;
}
