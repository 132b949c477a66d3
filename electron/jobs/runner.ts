import { AppError, reviveError } from '../base/errors.ts';
import type { FromWorker, JobProgress, JobRequest, Spawn, WorkerExit, WorkerHandle } from './protocol.ts';

/** One heavy job at a time has the machine's memory and cores to itself; light ones run beside it, also one by one. */
export type Lane = 'heavy' | 'light';

export interface JobListener {
  /** How long it may take to end after a cancel, where it has something to save; the runner's own when absent. */
  readonly graceMs?: number;
  /** The worker is about to start: until here the job was queued. */
  started?(): void;
  progress?(progress: JobProgress): void;
  event?(name: string, data: unknown): void;
}

export interface JobOutcome {
  readonly result: unknown;
  readonly peakRssBytes: number;
}

export interface Runner {
  /**
   * Queues a job and answers when it ends. Rejects with the worker's own AppError, with `cancelled`, or with
   * `worker-died` naming how the process ended; it always settles.
   */
  submit(request: JobRequest, lane: Lane, listener?: JobListener): Promise<JobOutcome>;
  /** false when no such job is queued or running. */
  cancel(id: string, reason?: string): boolean;
  /** Kills every worker and settles every job as cancelled. */
  dispose(): Promise<void>;
}

export interface RunnerOptions {
  readonly spawn: Spawn;
  /** How long a worker may take to end by itself after it was asked to. */
  readonly graceMs?: number;
}

interface Entry {
  readonly request: JobRequest;
  readonly lane: Lane;
  readonly listener: JobListener;
  readonly resolve: (outcome: JobOutcome) => void;
  readonly reject: (error: AppError) => void;
  worker: WorkerHandle | null;
  cancelled: string | null;
  settled: boolean;
  exited: () => void;
  readonly exit: Promise<void>;
}

/** A queue with two lanes and one process per job: what a job leaks or breaks dies with its process. */
export function createRunner({ spawn, graceMs = 700 }: RunnerOptions): Runner {
  const waiting: Entry[] = [];
  const running = new Map<Lane, Entry>();
  let disposed = false;

  function settle(entry: Entry, outcome: JobOutcome | AppError): void {
    if (entry.settled) return;
    entry.settled = true;
    if (outcome instanceof AppError) entry.reject(outcome);
    else entry.resolve(outcome);
  }

  function startNext(): void {
    for (const lane of ['heavy', 'light'] as const) {
      if (running.has(lane)) continue;
      const at = waiting.findIndex((entry) => entry.lane === lane);
      const [entry] = at < 0 ? [] : waiting.splice(at, 1);
      if (entry) start(entry);
    }
  }

  function start(entry: Entry): void {
    running.set(entry.lane, entry);
    try {
      const worker = spawn();
      entry.worker = worker;
      worker.onMessage((message) => receive(entry, worker, message));
      worker.onExit((how) => {
        settle(entry, entry.cancelled === null ? died(entry, how) : cancelledError(entry));
        leave(entry);
      });
      entry.listener.started?.();
      worker.send({ type: 'start', request: entry.request });
    } catch (error) {
      entry.worker?.kill();
      settle(
        entry,
        new AppError('worker-died', `The worker process could not be started: ${messageOf(error)}`, {
          subject: entry.request.id,
          remedy: 'Close other programs and try again.',
          cause: error,
        }),
      );
      if (!entry.worker) queueMicrotask(() => leave(entry));
    }
  }

  /** The lane is free only when the process is gone: two heavy jobs never share the memory. */
  function leave(entry: Entry): void {
    if (running.get(entry.lane) === entry) running.delete(entry.lane);
    entry.exited();
    if (!disposed) startNext();
  }

  function receive(entry: Entry, worker: WorkerHandle, message: FromWorker): void {
    if (entry.settled) return;
    switch (message.type) {
      case 'ready':
        break;
      case 'progress':
        entry.listener.progress?.(message.progress);
        break;
      case 'event':
        entry.listener.event?.(message.name, message.data);
        break;
      case 'done':
        settle(entry, { result: message.result, peakRssBytes: message.peakRssBytes });
        killAfter(entry, worker);
        break;
      case 'failed':
        // A body that was asked to stop may word its end as it likes: asked is cancelled.
        settle(entry, entry.cancelled === null ? reviveError(message.error) : cancelledError(entry));
        killAfter(entry, worker);
        break;
    }
  }

  function killAfter(entry: Entry, worker: WorkerHandle, ms = graceMs): void {
    const timer = setTimeout(() => worker.kill(), ms);
    void entry.exit.then(() => clearTimeout(timer));
  }

  return {
    submit(request, lane, listener = {}) {
      if (disposed) return Promise.reject(new AppError('cancelled', 'The app is closing'));
      const { promise, resolve, reject } = Promise.withResolvers<JobOutcome>();
      const exit = Promise.withResolvers<void>();
      waiting.push({
        request,
        lane,
        listener,
        resolve,
        reject,
        worker: null,
        cancelled: null,
        settled: false,
        exited: exit.resolve,
        exit: exit.promise,
      });
      // After this call returns, so that the caller has its promise before it hears `started`.
      queueMicrotask(startNext);
      return promise;
    },
    cancel(id, reason = 'Cancelled') {
      const at = waiting.findIndex((entry) => entry.request.id === id);
      const [queued] = at < 0 ? [] : waiting.splice(at, 1);
      if (queued) {
        queued.cancelled = reason;
        settle(queued, cancelledError(queued));
        return true;
      }
      const entry = [...running.values()].find((e) => e.request.id === id && !e.settled);
      if (!entry?.worker) return false;
      if (entry.cancelled !== null) return true;
      entry.cancelled = reason;
      entry.worker.send({ type: 'cancel' });
      killAfter(entry, entry.worker, entry.listener.graceMs);
      return true;
    },
    async dispose() {
      disposed = true;
      for (const entry of waiting.splice(0)) {
        entry.cancelled = 'The app was closed';
        settle(entry, cancelledError(entry));
      }
      const ends = [...running.values()].map((entry) => {
        entry.cancelled ??= 'The app was closed';
        entry.worker?.kill();
        settle(entry, cancelledError(entry));
        return entry.exit;
      });
      await Promise.all(ends);
    },
  };
}

function cancelledError(entry: Entry): AppError {
  return new AppError('cancelled', entry.cancelled ?? 'Cancelled', { subject: entry.request.id });
}

function died(entry: Entry, how: WorkerExit): AppError {
  const subject = entry.request.id;
  if (/heap out of memory|bad_alloc|Cannot allocate memory/i.test(how.tail ?? '')) {
    return new AppError('out-of-memory', 'The worker process ran out of memory', {
      subject,
      remedy: 'Take a smaller batch or a smaller tile, or close other programs.',
    });
  }
  const cause = how.signal === null ? `with exit code ${how.code ?? 'unknown'}` : `by signal ${how.signal}`;
  const said = lastLine(how.tail ?? '');
  return new AppError('worker-died', `The worker process ended ${cause}${said ? `: ${said}` : ''}`, {
    subject,
    remedy:
      how.signal === 'SIGKILL'
        ? 'Something killed it, often the system when memory runs out. Start it again; a smaller batch needs less memory.'
        : 'Start it again. If it happens twice, report it with the text above.',
  });
}

function lastLine(text: string): string {
  const line = text
    .trim()
    .split('\n')
    .findLast((l) => /error|fatal|abort/i.test(l));
  return line?.trim().slice(0, 200) ?? '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
