import type { Progress, Run, RunState } from '../../../electron/contract/run.ts';
import { formatDuration, formatNumber, formatRate } from '../../texts/format.ts';
import { t } from '../../texts/texts.ts';

export type Tone = 'plain' | 'green' | 'wheat' | 'danger' | 'info';

export function toneOf(state: RunState): Tone {
  switch (state) {
    case 'running':
      return 'wheat';
    case 'done':
      return 'green';
    case 'failed':
      return 'danger';
    default:
      return 'plain';
  }
}

export function shareOf(progress: Progress | undefined): number | null {
  return progress && progress.total > 0 ? progress.done / progress.total : null;
}

/** "stage · 1 200 of 64 000 tiles · 160 tiles/s · 3 min 12 s left" */
export function progressWords(progress: Progress | undefined): string {
  if (!progress) return t.pretrain.waiting;
  // The job's own name is said elsewhere.
  const parts: string[] = progress.stage in t.shell.runKinds ? [] : [progress.stage];
  if (progress.total > 0)
    parts.push(`${formatNumber(progress.done)} / ${formatNumber(progress.total)} ${progress.unit}`);
  if (progress.rate !== null) parts.push(formatRate(progress.rate, progress.unit));
  if (progress.secondsLeft !== null) parts.push(t.shell.status.left(formatDuration(progress.secondsLeft)));
  return parts.join(' · ');
}

export function secondsOf(run: Run): number | null {
  if (!run.started || !run.ended) return null;
  return (Date.parse(run.ended) - Date.parse(run.started)) / 1000;
}
