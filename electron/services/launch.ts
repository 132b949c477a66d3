import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, fromSystemError, reviveError, toErrorRecord } from '../base/errors.ts';
import type { Job } from '../contract/jobs.ts';
import type { MetricRow, Run, RunKind } from '../contract/run.ts';
import type { JobOutcome, Lane } from '../jobs/runner.ts';
import type { WritableDb } from '../store/rights.ts';
import { addRun, changeRun, type RunChange } from '../store/runs.ts';
import { type Context, changed, newId, now, requireOpened, writable } from './context.ts';
import type { Opened } from './opened.ts';
import { sweepParts } from './outputs.ts';

export interface Launch {
  readonly kind: RunKind;
  /** SSL method or head: names the run. */
  readonly method: string | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly seed: number | null;
  readonly lane: Lane;
  /** How long it may take to end after a cancel; a few hundred milliseconds when absent. */
  readonly graceMs?: number;
  readonly id?: string;
  readonly job: (run: { readonly id: string; readonly folder: string }) => Job;
  /** Records what came out, in the transaction that marks the run as done. */
  readonly record?: (db: WritableDb, result: unknown, run: Run) => void;
  /** After the end of a run that did not succeed. */
  readonly failed?: (db: WritableDb, error: AppError) => void;
  /** Files it writes outside its folder: unfinished parts are swept when it fails. */
  readonly outputs?: readonly string[];
}

/** Where a run keeps its files. */
export function runFolder(project: string, id: string): string {
  return join(project, 'runs', id);
}

/** Records a run, queues its job and follows it to its end; answers at once, with the run as queued. */
export function launch(ctx: Context, what: Launch): Run {
  const opened = requireOpened(ctx);
  const db = writable(ctx);
  const id = what.id ?? newId(ctx, what.method ?? what.kind);
  const folder = runFolder(opened.path, id);
  // The payload first: what cannot be started leaves no trace.
  const payload = what.job({ id, folder });
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw fromSystemError(error, folder) ?? error;
  }
  const run = addRun(
    db,
    { id, kind: what.kind, method: what.method, params: what.params, seed: what.seed },
    ctx.clock,
  );
  ctx.emit({ type: 'run', run });
  changed(ctx, 'runs');
  const outcome = ctx.runner.submit({ id, folder, payload }, what.lane, {
    ...(what.graceMs === undefined ? {} : { graceMs: what.graceMs }),
    started: () => update(ctx, opened, db, id, { state: 'running', started: now(ctx) }),
    progress: (progress) => ctx.emit({ type: 'progress', progress: { run: id, ...progress } }),
    event: (name, data) => hear(ctx, opened, db, id, name, data),
  });
  const end = outcome
    .then(
      (result) => succeed(ctx, opened, db, id, what, result),
      (error: unknown) => fail(ctx, opened, db, id, what, error),
    )
    .catch((error: unknown) => {
      ctx.options.log('error', `The end of run ${id} could not be recorded`, { error: String(error) });
    })
    .finally(() => opened.active.delete(id));
  opened.active.set(id, end);
  return run;
}

function update(ctx: Context, opened: Opened, db: WritableDb, id: string, change: RunChange): Run {
  const run = changeRun(db, id, change);
  if (ctx.opened === opened) {
    ctx.emit({ type: 'run', run });
    changed(ctx, 'runs');
  }
  return run;
}

function hear(ctx: Context, opened: Opened, db: WritableDb, id: string, name: string, data: unknown): void {
  if (name === 'metrics') {
    const rows = (Array.isArray(data) ? data : [data]) as readonly MetricRow[];
    ctx.emit({ type: 'metrics', run: id, rows });
  } else if (name === 'device') {
    const device = typeof data === 'string' ? data : (data as { device?: unknown }).device;
    if (typeof device === 'string') update(ctx, opened, db, id, { device });
  } else if (name === 'warning') {
    const message = typeof data === 'string' ? data : String((data as { message?: unknown }).message ?? '');
    ctx.emit({ type: 'notice', level: 'warn', message, run: id });
  }
}

function succeed(
  ctx: Context,
  opened: Opened,
  db: WritableDb,
  id: string,
  what: Launch,
  outcome: JobOutcome,
): void {
  try {
    const run = db.transaction(() => {
      const result = withPeak(outcome);
      const done = changeRun(db, id, { state: 'done', result, ended: now(ctx) });
      what.record?.(db, result, done);
      return done;
    });
    removeIfEmpty(runFolder(opened.path, id));
    if (ctx.opened !== opened) return;
    ctx.emit({ type: 'run', run });
    changed(ctx, 'runs', ...resultTables[what.kind]);
  } catch (error) {
    fail(ctx, opened, db, id, what, error);
  }
}

function removeIfEmpty(folder: string): void {
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

/** Every result says what its process took at most: a body cannot know what it will still take. */
function withPeak({ result, peakRssBytes }: JobOutcome): Record<string, unknown> {
  return { ...(result as Record<string, unknown>), peakRssBytes };
}

const resultTables = {
  statistics: ['scenes'],
  overviews: [],
  pretrain: [],
  train: ['models'],
  map: ['maps'],
  assess: ['assessments'],
  'learn-curve': [],
  suggest: [],
  sample: ['samples', 'history'],
  embed: [],
  export: [],
  bench: [],
} as const satisfies Record<RunKind, readonly unknown[]>;

function fail(ctx: Context, opened: Opened, db: WritableDb, id: string, what: Launch, thrown: unknown): void {
  const record = toErrorRecord(thrown);
  const error = thrown instanceof AppError ? thrown : reviveError(record);
  const cancelled = error.code === 'cancelled';
  for (const output of what.outputs ?? []) sweepParts(output);
  const run = db.transaction(() => {
    what.failed?.(db, error);
    return changeRun(db, id, {
      state: cancelled ? (opened.closing ? 'interrupted' : 'cancelled') : 'failed',
      reason: error.message,
      error: cancelled ? null : { ...record, stack: undefined },
      ended: now(ctx),
    });
  });
  if (what.kind !== 'pretrain') rmSync(runFolder(opened.path, id), { recursive: true, force: true });
  else if (existsSync(runFolder(opened.path, id))) removeIfEmpty(runFolder(opened.path, id));
  if (!cancelled) ctx.options.log('error', `Run ${id} failed: ${error.message}`, { stack: record.stack });
  if (ctx.opened !== opened) return;
  ctx.emit({ type: 'run', run });
  changed(ctx, 'runs', ...resultTables[what.kind]);
  if (!cancelled) ctx.emit({ type: 'notice', level: 'error', message: error.message, run: id });
}
