/** The worker process of the command line and the web host: a child process whose channel speaks jobs/protocol. */
import type { ToWorker } from '../jobs/protocol.ts';
import { bodies } from '../work/bodies.ts';
import { serveWork } from '../work/serve.ts';

// Ctrl-C reaches the whole group; only the main process decides. When that is gone, nobody waits for us.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
serveWork(
  {
    send: (message) => void process.send?.(message),
    onMessage: (listener) => process.on('message', (message) => listener(message as ToWorker)),
  },
  bodies,
);
