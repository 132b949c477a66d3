/** The worker process in Electron: a utilityProcess whose parent port speaks jobs/protocol. */
import type { ToWorker } from '../../jobs/protocol.ts';
import { bodies } from '../../work/bodies.ts';
import { serveWork } from '../../work/serve.ts';

const port = process.parentPort;
serveWork(
  {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', (event) => listener(event.data as ToWorker)),
  },
  bodies,
);
