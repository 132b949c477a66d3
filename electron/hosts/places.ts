/** Where a host without Electron finds its folders. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');

export function resourcesFolder(): string {
  return join(root, 'resources');
}

export function version(): string {
  const { version: stated } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return stated;
}

/** The user's folder for the app's own files, as each system has it; SWATH_APP_DATA puts it elsewhere. */
export function appDataFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.SWATH_APP_DATA) return resolve(env.SWATH_APP_DATA);
  if (process.platform === 'win32')
    return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Swath');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Swath');
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'swath');
}

/** Where workers remember what is fastest on this machine. */
export function engineCache(appData: string): string {
  return join(appData, 'engine');
}
