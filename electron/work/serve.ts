/**
 * The message loop of a worker process: one job, then the end, so that its memory goes back to the system. The host
 * supplies the port; what passes through it is `jobs/protocol.ts`.
 */

import { AppError, toErrorRecord } from '../base/errors.ts';
import type { Job, JobKind, JobResults } from '../contract/jobs.ts';
import type { FromWorker, JobRequest, StandingContext, ToWorker } from '../jobs/protocol.ts';
import { createQuestions } from './questions.ts';

export interface WorkPort {
  /** Resolves when the message has left the process, where the host can tell. */
  send(message: FromWorker): void | Promise<void>;
  onMessage(listener: (message: ToWorker) => void): void;
}

export type JobOf<K extends JobKind> = Extract<Job, { kind: K }>;
export type Body<K extends JobKind> = (job: JobOf<K>, context: StandingContext) => Promise<JobResults[K]>;
export type Bodies = { readonly [K in JobKind]: Body<K> };

/**
 * Says `ready`, runs the first job that is asked for and answers `done` or `failed`. Resolves when the answer is sent;
 * the host then ends the process. A cancel aborts the job's signal, whose reason is an AppError `cancelled`.
 */
export async function serveWork(port: WorkPort, bodies: Bodies): Promise<void> {
  const controller = new AbortController();
  const questions = createQuestions(port, controller.signal);
  const request = new Promise<JobRequest>((resolve) => {
    port.onMessage((message) => {
      if (message.type === 'start') resolve(message.request);
      else if (message.type === 'ask') questions.take(message);
      else controller.abort(new AppError('cancelled', 'The job was cancelled'));
    });
  });
  await port.send({ type: 'ready' });
  const { id, folder, payload } = await request;
  const context: StandingContext = {
    id,
    folder,
    signal: controller.signal,
    progress: (progress) =>
      void port.send({ type: 'progress', progress: { ...progress, rssBytes: process.memoryUsage.rss() } }),
    event: (name, data) => void port.send({ type: 'event', name, data }),
    answerWith: questions.answerWith,
  };
  try {
    const result = await runBody(bodies, payload as Job, context);
    await port.send({ type: 'done', result, peakRssBytes: peakRssBytes() });
  } catch (error) {
    // Whatever a library threw because it was aborted, the job was cancelled.
    const cause = controller.signal.aborted ? controller.signal.reason : error;
    await port.send({ type: 'failed', error: toErrorRecord(cause) });
  }
}

/** The most memory that this process has held, as the system counts it. */
export function peakRssBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

async function runBody(bodies: Bodies, job: Job, context: StandingContext): Promise<JobResults[JobKind]> {
  if (!Object.hasOwn(bodies, job.kind))
    throw new AppError('internal', `No worker knows the job '${String(job.kind)}'`);
  context.signal.throwIfAborted();
  // A union of kinds cannot be matched with its body by the compiler; the table's type has done so already.
  const body = bodies[job.kind] as (job: Job, context: StandingContext) => Promise<JobResults[JobKind]>;
  return body(job, context);
}
