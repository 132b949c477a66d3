import { hostname } from 'node:os';
import { type Clock, isoTime } from '../base/clock.ts';
import { AppError, type ErrorRecord } from '../base/errors.ts';
import type { Run, RunKind, RunState } from '../contract/run.ts';
import { assignments, fromJson, toJson } from './json.ts';
import { isProcessAlive } from './processes.ts';
import type { ReadableDb, Row, WritableDb } from './rights.ts';

/** Newest first. */
export function listRuns(db: ReadableDb, filter: { readonly kind?: RunKind } = {}): Run[] {
  const rows = filter.kind
    ? db.all('SELECT * FROM runs WHERE kind = ? ORDER BY created DESC, rowid DESC', filter.kind)
    : db.all('SELECT * FROM runs ORDER BY created DESC, rowid DESC');
  return rows.map(toRun);
}

/** Errors: `not-found`. */
export function getRun(db: ReadableDb, id: string): Run {
  const row = db.get('SELECT * FROM runs WHERE id = ?', id);
  if (row) return toRun(row);
  throw new AppError('not-found', `There is no run ${id}`, {
    subject: id,
    remedy: '`swath runs` lists those of a project.',
  });
}

export interface NewRun {
  readonly id: string;
  readonly kind: RunKind;
  readonly method: string | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly seed: number | null;
}

/** A new run, queued by this process. */
export function addRun(db: WritableDb, run: NewRun, clock: Clock): Run {
  db.run(
    `INSERT INTO runs (id, kind, state, method, params, seed, pid, host, created)
     VALUES (?, ?, 'queued', ?, ?, ?, ?, ?, ?)`,
    run.id,
    run.kind,
    run.method,
    JSON.stringify(run.params),
    run.seed,
    process.pid,
    hostname(),
    isoTime(clock),
  );
  return getRun(db, run.id);
}

export type RunChange = Partial<
  Pick<Run, 'state' | 'result' | 'reason' | 'error' | 'device' | 'note' | 'started' | 'ended' | 'params'>
> & {
  /** Process that does the work: when it is dead at the next start, the run counts as interrupted. */
  readonly pid?: number;
};

/** Errors: `not-found`. */
export function changeRun(db: WritableDb, id: string, change: RunChange): Run {
  const json = (value: unknown) => (value === undefined ? undefined : toJson(value));
  const { sql, params } = assignments({
    state: change.state,
    params: json(change.params),
    result: json(change.result),
    reason: change.reason,
    error: json(change.error),
    device: change.device,
    note: change.note,
    pid: change.pid,
    started: change.started,
    ended: change.ended,
  });
  if (sql !== '') db.run(`UPDATE runs SET ${sql} WHERE id = ?`, ...params, id);
  return getRun(db, id);
}

/** Runs that claim to go on though their process is gone become `interrupted`. Answers their ids. */
export function interruptDeadRuns(db: WritableDb, clock: Clock): string[] {
  const dead = db
    .all<{ id: string; state: string; pid: number | null; host: string | null }>(
      "SELECT id, state, pid, host FROM runs WHERE state IN ('queued', 'running')",
    )
    .filter(({ pid, host }) => pid === null || host !== hostname() || !isProcessAlive(pid));
  for (const { id, state, pid, host } of dead) {
    const what = state === 'queued' ? 'before it began' : 'while it ran';
    changeRun(db, id, {
      state: 'interrupted',
      reason: `The app ended ${what} (process ${pid ?? 'unknown'} on ${host ?? 'unknown'}). A checkpoint can be resumed.`,
      ended: isoTime(clock),
    });
  }
  return dead.map(({ id }) => id);
}

function toRun(row: Row): Run {
  return {
    id: String(row.id),
    kind: row.kind as RunKind,
    state: row.state as RunState,
    method: row.method as string | null,
    params: fromJson<Record<string, unknown>>(row.params) ?? {},
    result: fromJson<Record<string, unknown>>(row.result),
    reason: row.reason as string | null,
    error: fromJson<ErrorRecord>(row.error),
    device: row.device as string | null,
    seed: row.seed as number | null,
    note: row.note as string | null,
    created: String(row.created),
    started: row.started as string | null,
    ended: row.ended as string | null,
  };
}
