import { type App, createApp } from '../../services/app.ts';
import { appDataFolder, resourcesFolder, version } from '../places.ts';
import { childSpawn } from '../spawn.ts';

/** The app as the command line runs it: warnings and errors of the log go to `note`. */
export function createCliApp(note: (line: string) => void): App {
  return createApp({
    spawn: childSpawn(),
    log: (level, message) => {
      if (level === 'warn') note(message);
    },
    paths: { appData: appDataFolder(), resources: resourcesFolder() },
    capabilities: { host: 'cli', fileDialogs: false, nativeMenu: false, notifications: false },
    version: version(),
    pid: process.pid,
  });
}
