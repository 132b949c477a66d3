import { utilityProcess } from 'electron';
import type { FromWorker, Spawn } from '../../jobs/protocol.ts';

/** Workers as Electron runs them: utility processes, so that no work is done where the window or the database lives. */
export function createSpawn(entry: string, cacheFolder: string): Spawn {
  return () => {
    const child = utilityProcess.fork(entry, [cacheFolder], {
      serviceName: 'Swath worker',
      stdio: 'inherit',
    });
    return {
      // Known once the process has started.
      get pid() {
        return child.pid;
      },
      send: (message) => child.postMessage(message),
      onMessage: (listener) => child.on('message', (message) => listener(message as FromWorker)),
      onExit: (listener) => child.once('exit', (code) => listener({ code, signal: null })),
      kill: () => {
        child.kill();
      },
    };
  };
}
