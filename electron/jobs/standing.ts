import { AppError, reviveError } from '../base/errors.ts';
import type { JobRequest, Spawn, WorkerExit } from './protocol.ts';

/** A worker process that stays, with what it has read and learnt, and answers questions. */
export interface Standing {
  /** Rejects with the worker's own AppError, or with `worker-died` when its process ended; it always settles. */
  ask(question: unknown): Promise<unknown>;
  readonly ended: boolean;
  /** Ends the process; what was asked and not answered is rejected as cancelled. */
  dispose(): Promise<void>;
}

interface Pending {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: AppError) => void;
}

/** Starts a process for a job that answers instead of ending. It has no lane: it rests unless it is asked. */
export function startStanding(spawn: Spawn, request: JobRequest): Standing {
  const worker = spawn();
  const pending = new Map<number, Pending>();
  const exit = Promise.withResolvers<void>();
  let asked = 0;
  let end: AppError | null = null;

  function finish(error: AppError): void {
    end ??= error;
    for (const { reject } of pending.values()) reject(end);
    pending.clear();
  }

  worker.onMessage((message) => {
    if (message.type === 'failed') finish(reviveError(message.error));
    if (message.type !== 'answer' && message.type !== 'refused') return;
    const waiting = pending.get(message.number);
    pending.delete(message.number);
    if (message.type === 'answer') waiting?.resolve(message.answer);
    else waiting?.reject(reviveError(message.error));
  });
  worker.onExit((how) => {
    finish(died(request.id, how));
    exit.resolve();
  });
  worker.send({ type: 'start', request });

  return {
    get ended() {
      return end !== null;
    },
    ask(question) {
      if (end) return Promise.reject(end);
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      asked += 1;
      pending.set(asked, { resolve, reject });
      worker.send({ type: 'ask', number: asked, question });
      return promise;
    },
    async dispose() {
      finish(new AppError('cancelled', 'No longer wanted', { subject: request.id }));
      worker.kill();
      await exit.promise;
    },
  };
}

function died(subject: string, { code, signal }: WorkerExit): AppError {
  const how = signal === null ? `with exit code ${code ?? 'unknown'}` : `by signal ${signal}`;
  return new AppError('worker-died', `The worker process ended ${how}`, {
    subject,
    remedy: 'Ask again: another is started.',
  });
}
