/** The curves of a run: one JSON line per row in `metrics.jsonl`, and the same rows as events a few times a second. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, systemClock } from '../base/clock.ts';
import { fromSystemError } from '../base/errors.ts';
import { runFiles } from '../contract/jobs.ts';
import type { MetricRow } from '../contract/run.ts';
import { writeFileAtomic } from '../disk/atomicWrite.ts';
import type { JobContext } from '../jobs/protocol.ts';

export interface MetricsLog {
  add(row: MetricRow): void;
  /** Brings everything added so far to the file and to the listeners. */
  flush(): void;
  /** Forgets the rows after a step, which will be added anew. */
  rewind(lastStep: number): void;
}

const flushMs = 300;

/** Starts the log with the rows that a resumed run keeps. */
export function openMetrics(
  context: Pick<JobContext, 'folder' | 'event'>,
  kept: readonly MetricRow[],
  clock: Clock = systemClock,
): MetricsLog {
  const path = join(context.folder, runFiles.metrics);
  writeFileAtomic(path, lines(kept));
  if (kept.length > 0) context.event('metrics', kept);
  let waiting: MetricRow[] = [];
  let flushed = clock.tick();
  const flush = () => {
    flushed = clock.tick();
    if (waiting.length === 0) return;
    try {
      appendFileSync(path, lines(waiting));
    } catch (error) {
      throw fromSystemError(error, path) ?? error;
    }
    context.event('metrics', waiting);
    waiting = [];
  };
  return {
    add(row) {
      waiting.push(row);
      if (clock.tick() - flushed >= flushMs) flush();
    },
    flush,
    rewind(lastStep) {
      flush();
      writeFileAtomic(path, lines(readMetrics(context.folder, lastStep)));
    },
  };
}

/** Rows of an earlier run up to and including `lastStep`; a line cut short by a crash is left out. */
export function readMetrics(folder: string, lastStep: number): MetricRow[] {
  const path = join(folder, runFiles.metrics);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        const row = JSON.parse(line) as MetricRow;
        return row.step <= lastStep ? [row] : [];
      } catch {
        return [];
      }
    });
}

const lines = (rows: readonly MetricRow[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
