import type { SequencedEvent } from '../../contract/events.ts';
import { hasEnded, type Run } from '../../contract/run.ts';

export interface RunWatch {
  /** Jobs that run or wait. */
  readonly active: number;
  hear(event: SequencedEvent): void;
}

/** Counts what is under way from what the app tells, and passes on what has ended. */
export function watchRuns(ended: (run: Run) => void, counted: (active: number) => void): RunWatch {
  const under = new Set<string>();
  return {
    get active() {
      return under.size;
    },
    hear(event) {
      if (event.type !== 'run') return;
      const { run } = event;
      const was = under.has(run.id);
      if (!hasEnded(run.state)) under.add(run.id);
      else if (under.delete(run.id)) ended(run);
      if (was !== under.has(run.id)) counted(under.size);
    },
  };
}
