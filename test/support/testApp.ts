import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach } from 'vitest';
import { AppError } from '../../electron/base/errors.ts';
import { type Client, createClient } from '../../electron/contract/client.ts';
import type { SequencedEvent } from '../../electron/contract/events.ts';
import { hasEnded, type Run } from '../../electron/contract/run.ts';
import { childSpawn } from '../../electron/hosts/spawn.ts';
import type { Spawn } from '../../electron/jobs/protocol.ts';
import { type App, createApp } from '../../electron/services/app.ts';

const root = resolve(import.meta.dirname, '..', '..');

export interface TestApp {
  readonly app: App;
  readonly client: Client;
  /** A folder of its own, removed after the test. */
  readonly folder: string;
  readonly events: SequencedEvent[];
  /** The run when it has ended, however it did. */
  ended(run: Run | string): Promise<Run>;
  bytes(path: string, headers?: Record<string, string>): Promise<Response>;
}

const open: { app: App; folder: string }[] = [];

/** The real app, with real workers, over the in-process transport; disposed after the test. */
export function testApp(options: { spawn?: Spawn; folder?: string } = {}): TestApp {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'swath-app-'));
  const app = createApp({
    spawn: options.spawn ?? childSpawn(),
    log: () => {},
    paths: { appData: join(folder, 'data'), resources: join(root, 'resources') },
    capabilities: { host: 'test', fileDialogs: false, nativeMenu: false, notifications: false },
    version: '0.0.0',
    pid: process.pid,
  });
  open.push({ app, folder });
  const client = createClient({
    invoke: (method, params) => app.call(method, params),
    subscribe: (listener) => app.subscribe(listener),
    bytesUrl: (path) => path,
  });
  const events: SequencedEvent[] = [];
  app.subscribe((event) => events.push(event));
  return {
    app,
    client,
    folder,
    events,
    async ended(run) {
      const id = typeof run === 'string' ? run : run.id;
      const { promise, resolve: end } = Promise.withResolvers<Run>();
      const stop = app.subscribe((event) => {
        if (event.type === 'run' && event.run.id === id && hasEnded(event.run.state)) end(event.run);
      });
      const now = await client.call('runs.get', { run: id });
      const result = hasEnded(now.state) ? now : await promise;
      stop();
      return result;
    },
    bytes: (path, headers = {}) => app.handleBytes(new Request(`http://localhost${path}`, { headers })),
  };
}

/** The AppError that a call rejects with. */
export async function failure(promise: Promise<unknown>): Promise<AppError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('It succeeded, and should have failed');
}

afterEach(async () => {
  for (const { app, folder } of open.splice(0)) {
    await app.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
});
