import { AppError, reviveError } from '../../base/errors.ts';
import { type Client, createClient } from '../../contract/client.ts';
import type { SequencedEvent } from '../../contract/events.ts';
import type { Project } from '../../contract/project.ts';
import { hasEnded, type Progress, type Run } from '../../contract/run.ts';
import type { App } from '../../services/app.ts';

/** The app in this process, as a command uses it: typed calls, and runs that are waited for. */
export interface Session {
  readonly client: Client;
  readonly project: Project | null;
  /** Resolves when the run is done; rejects with its error. Ctrl-C cancels it first. */
  finish(run: Run | string): Promise<Run>;
  dispose(): Promise<void>;
}

export interface SessionOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly onNotice: (level: 'info' | 'warn' | 'error', message: string) => void;
}

/** Opens a project (its path, or null for none) in a new app. Whatever fails, the app is disposed. */
export async function openSession(app: App, path: string | null, options: SessionOptions): Promise<Session> {
  const client = createClient({
    invoke: (method, params) => app.call(method, params),
    subscribe: (listener) => app.subscribe(listener),
    bytesUrl: (address) => address,
  });
  const waiters = new Map<string, (run: Run) => void>();
  const unsubscribe = app.subscribe((event: SequencedEvent) => {
    if (event.type === 'progress') options.onProgress(event.progress);
    if (event.type === 'notice') options.onNotice(event.level, event.message);
    if (event.type === 'run' && hasEnded(event.run.state)) waiters.get(event.run.id)?.(event.run);
  });
  const dispose = async () => {
    unsubscribe();
    await app.dispose();
  };
  try {
    const project = path === null ? null : await client.call('project.open', { path });
    return { client, project, dispose, finish };
  } catch (error) {
    await dispose();
    throw error;
  }

  async function finish(run: Run | string): Promise<Run> {
    const id = typeof run === 'string' ? run : run.id;
    const { promise, resolve } = Promise.withResolvers<Run>();
    waiters.set(id, resolve);
    const cancel = () => void client.call('runs.cancel', { run: id }).catch(() => {});
    options.signal.addEventListener('abort', cancel);
    try {
      if (options.signal.aborted) cancel();
      const now = await client.call('runs.get', { run: id });
      const ended = hasEnded(now.state) ? now : await promise;
      if (ended.state === 'done') return ended;
      if (ended.state === 'cancelled')
        throw new AppError('cancelled', ended.reason ?? 'Cancelled', { subject: id });
      throw ended.error
        ? reviveError(ended.error)
        : new AppError('internal', ended.reason ?? `The run ended as ${ended.state}`, { subject: id });
    } finally {
      options.signal.removeEventListener('abort', cancel);
      waiters.delete(id);
    }
  }
}
