/**
 * A Chromium for the browser tests: the one named in SWATH_CHROMIUM, Debian's (installed by apt when we are root on a
 * Debian), or playwright's own download elsewhere. Returns its path; empty when playwright finds its own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { root, runNodeSync } from '../electron/hosts/ensure.mjs';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];

export function ensureChromium() {
  const named = process.env.SWATH_CHROMIUM;
  if (named && existsSync(named)) return named;
  const found = places.find((path) => existsSync(path));
  if (found) return found;
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stderr.write('Installing Chromium (apt) …\n');
    const options = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    spawnSync('apt-get', ['update', '-qq'], options);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
    const installed = places.find((path) => existsSync(path));
    if (installed) return installed;
  }
  process.stderr.write('Fetching Chromium (playwright) …\n');
  const code = runNodeSync('node_modules/@playwright/test/cli.js', ['install', 'chromium'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (code !== 0) {
    process.stderr.write(
      'No Chromium: install it (Debian: apt install chromium) or set SWATH_CHROMIUM to its path.\n',
    );
  }
  return '';
}
