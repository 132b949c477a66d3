import type { Progress } from '../../contract/run.ts';
import { duration, mebibytes } from './table.ts';

/** Progress on stderr: one line that rewrites itself on a terminal, a line every few seconds in a log. */
export class ProgressLine {
  private readonly write: (text: string) => void;
  private readonly terminal: boolean;
  private shown = false;
  private lastStage = '';
  private lastTime = 0;

  constructor(write: (text: string) => void, terminal: boolean) {
    this.write = write;
    this.terminal = terminal;
  }

  show(progress: Progress, now: number): void {
    const due = progress.stage !== this.lastStage || now - this.lastTime >= (this.terminal ? 100 : 5000);
    if (!due) return;
    this.lastStage = progress.stage;
    this.lastTime = now;
    const text = progressText(progress);
    if (this.terminal) this.write(`\r\x1b[K${text.slice(0, 100)}`);
    else this.write(`${text}\n`);
    this.shown = true;
  }

  /** Leaves the line, so that what is printed next stands on its own. */
  end(): void {
    if (this.terminal && this.shown) this.write('\r\x1b[K');
    this.shown = false;
    this.lastStage = '';
  }
}

export function progressText(p: Progress): string {
  const share = p.total > 0 ? `${Math.floor((100 * p.done) / p.total)} %` : '';
  const rate = p.rate === null ? '' : `${p.rate < 10 ? p.rate.toFixed(1) : Math.round(p.rate)} ${p.unit}/s`;
  const left = p.secondsLeft === null ? '' : `${duration(p.secondsLeft)} left`;
  return [p.stage, share, rate, left, mebibytes(p.rssBytes)].filter((part) => part !== '').join(' · ');
}
