/** The worker process in Electron: a utilityProcess whose parent port speaks jobs/protocol. */
import type { ToWorker } from '../../jobs/protocol.ts';
import { createBodies } from '../../work/bodies.ts';
import { serveWork } from '../../work/serve.ts';

const port = process.parentPort;
await serveWork(
  {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', (event) => listener(event.data as ToWorker)),
  },
  // The folder that the main process named: this process cannot ask Electron for it.
  createBodies(process.argv[2]),
);
// Nothing may keep the process and its memory alive; the port does not tell when the answer has left, so it gets a moment.
setTimeout(() => process.exit(), 100);
