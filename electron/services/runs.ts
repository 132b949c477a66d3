import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { runFiles } from '../contract/jobs.ts';
import type { Params } from '../contract/methods.ts';
import { hasEnded, type MetricRow, type Run } from '../contract/run.ts';
import { changeRun, getRun, listRuns } from '../store/runs.ts';
import { type Context, changed, readable, requireOpened, writable } from './context.ts';
import { runFolder } from './launch.ts';

/** Errors: `not-found` naming the runs there are. */
export function get(ctx: Context, id: string): Run {
  const db = readable(ctx);
  const all = listRuns(db);
  if (all.some((run) => run.id === id)) return getRun(db, id);
  throw new AppError('not-found', `There is no run ${id}`, {
    subject: id,
    remedy:
      all.length === 0
        ? 'The project has no runs yet.'
        : `The project has ${all
            .slice(0, 10)
            .map((run) => run.id)
            .join(', ')}.`,
  });
}

/** Rows of metrics.jsonl after a step. A line that is being written, or was cut off by a crash, is left out. */
export function metrics(ctx: Context, params: Params<'runs.metrics'>): MetricRow[] {
  const run = get(ctx, params.run);
  const file = join(runFolder(requireOpened(ctx).path, run.id), runFiles.metrics);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        const row = JSON.parse(line) as MetricRow;
        return row.step > params.after ? [row] : [];
      } catch {
        return [];
      }
    });
}

/** Asks a run to end; its end is told by an event. One that ended already stays as it is. */
export function cancel(ctx: Context, params: Params<'runs.cancel'>): Run {
  const run = get(ctx, params.run);
  if (!hasEnded(run.state)) ctx.runner.cancel(run.id, 'Cancelled by the user');
  return get(ctx, params.run);
}

export function note(ctx: Context, params: Params<'runs.note'>): Run {
  get(ctx, params.run);
  const run = changeRun(writable(ctx), params.run, { note: params.note === '' ? null : params.note });
  ctx.emit({ type: 'run', run });
  changed(ctx, 'runs');
  return run;
}
