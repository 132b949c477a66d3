import type { ErrorRecord } from '../base/errors.ts';

/** What passes between the runner and a worker process; payloads, questions and answers mean nothing to this room. */
export interface JobRequest {
  readonly id: string;
  /** The job's own folder; it exists. */
  readonly folder: string;
  readonly payload: unknown;
}

export type ToWorker =
  | { readonly type: 'start'; readonly request: JobRequest }
  /** To a standing job: `answer` or `refused` comes back under the same number. */
  | { readonly type: 'ask'; readonly number: number; readonly question: unknown }
  | { readonly type: 'cancel' };

export interface JobProgress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  /** `unit` per second, null while unknown. */
  readonly rate: number | null;
  readonly secondsLeft: number | null;
  readonly rssBytes: number;
}

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly progress: JobProgress }
  /** Something worth telling while the job goes on: metrics rows, warnings. */
  | { readonly type: 'event'; readonly name: string; readonly data: unknown }
  | { readonly type: 'answer'; readonly number: number; readonly answer: unknown }
  | { readonly type: 'refused'; readonly number: number; readonly error: ErrorRecord }
  | { readonly type: 'done'; readonly result: unknown; readonly peakRssBytes: number }
  | { readonly type: 'failed'; readonly error: ErrorRecord };

export interface WorkerExit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly tail?: string;
}

/** A worker process as a host hands it to the runner: Node's child_process or Electron's utilityProcess. */
export interface WorkerHandle {
  readonly pid: number | undefined;
  send(message: ToWorker): void;
  onMessage(listener: (message: FromWorker) => void): void;
  /** Called once, however the process ends, after its last message. `tail`: the end of what it wrote to its console. */
  onExit(listener: (how: WorkerExit) => void): void;
  /** At once, without asking. */
  kill(): void;
}
export type Spawn = () => WorkerHandle;

/** What a job body is given inside the worker. */
export interface JobContext {
  readonly id: string;
  readonly folder: string;
  readonly signal: AbortSignal;
  progress(progress: Omit<JobProgress, 'rssBytes'>): void;
  event(name: 'metrics' | 'warning' | 'device', data: unknown): void;
}

/** A body that stands ready instead of working towards an end. */
export interface StandingContext extends JobContext {
  /** Answers questions one after another, in the order they came, until the job is cancelled. */
  answerWith(answer: (question: unknown) => Promise<unknown>): Promise<void>;
}
