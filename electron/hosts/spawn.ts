import { type ChildProcess, fork } from 'node:child_process';
import type { FromWorker, Spawn } from '../jobs/protocol.ts';

const tailBytes = 8192;

/**
 * Workers as child processes of this Node (command line, web host, tests). Their console is kept as a tail for the
 * message of a crash and never reaches our stdout, which belongs to `--json`.
 */
export function childSpawn(entry: URL = new URL('./worker.entry.ts', import.meta.url)): Spawn {
  return () => {
    // Structured clones, as in Electron: bytes travel as bytes.
    const child = fork(entry, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], serialization: 'advanced' });
    const tail = keepTail(child);
    return {
      pid: child.pid,
      send: (message) => {
        // The worker may be gone already; its exit tells.
        if (child.connected) child.send(message, () => {});
      },
      onMessage: (listener) => child.on('message', (message) => listener(message as FromWorker)),
      onExit: (listener) => onEnd(child, (code, signal) => listener({ code, signal, tail: tail() })),
      kill: () => void child.kill('SIGKILL'),
    };
  };
}

/** `exit` can come before the last message; `disconnect` comes after it. Both are awaited, the second not for long. */
function onEnd(child: ChildProcess, listener: (code: number | null, signal: string | null) => void): void {
  let ended = false;
  const end = (code: number | null, signal: string | null) => {
    if (ended) return;
    ended = true;
    listener(code, signal);
  };
  child.once('exit', (code, signal) => {
    if (!child.connected) end(code, signal);
    else {
      child.once('disconnect', () => setImmediate(end, code, signal));
      setTimeout(end, 250, code, signal);
    }
  });
  child.once('error', () => {
    if (child.pid === undefined) end(null, null);
  });
}

function keepTail(child: ChildProcess): () => string {
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      tail = (tail + text).slice(-tailBytes);
    });
  }
  return () => tail;
}
