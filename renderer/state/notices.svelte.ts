import { type ErrorRecord, isAppError, toErrorRecord } from '../../electron/base/errors.ts';

export interface Toast {
  readonly id: number;
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}
/** An error that waits to be read: `doing` says what was tried. */
export interface Failure {
  readonly id: number;
  readonly doing: string;
  readonly record: ErrorRecord;
}

/** Everything the app has to say that belongs to no panel. */
export class Notices {
  toasts = $state.raw<readonly Toast[]>([]);
  failures = $state.raw<readonly Failure[]>([]);
  #next = 1;

  tell(message: string, level: Toast['level'] = 'info'): void {
    this.toasts = [...this.toasts.slice(-3), { id: this.#next++, level, message }];
  }

  fail(doing: string, error: unknown): void {
    if (isAppError(error, 'cancelled')) return;
    const record = toErrorRecord(error);
    const others = this.failures.filter((f) => f.doing !== doing || f.record.message !== record.message);
    this.failures = [...others.slice(-2), { id: this.#next++, doing, record }];
  }

  dismissToast(id: number): void {
    this.toasts = this.toasts.filter((t) => t.id !== id);
  }

  dismissFailure(id: number): void {
    this.failures = this.failures.filter((f) => f.id !== id);
  }

  /** The work's result; when it fails, undefined, and the failure is shown. */
  async attempt<T>(doing: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.fail(doing, error);
      return undefined;
    }
  }
}
