/** The worker process of the command line and the web host: a child process whose channel speaks jobs/protocol. */
import type { ToWorker } from '../jobs/protocol.ts';
import { createBodies } from '../work/bodies.ts';
import { serveWork } from '../work/serve.ts';
import { appDataFolder, engineCache } from './places.ts';

// Ctrl-C reaches the whole group; only the main process decides. When that is gone, nobody waits for us.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
await serveWork(
  {
    send: (message) =>
      new Promise((resolve) => {
        if (process.send) process.send(message, undefined, undefined, () => resolve());
        else resolve();
      }),
    onMessage: (listener) => process.on('message', (message) => listener(message as ToWorker)),
  },
  createBodies(engineCache(appDataFolder())),
);
process.disconnect?.();
