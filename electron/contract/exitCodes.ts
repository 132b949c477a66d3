import type { ErrorCode } from '../base/errors.ts';

/** 0 done, 1 failed, 2 wrong usage, 130 cancelled. */
export function exitCode(code: ErrorCode): number {
  if (code === 'usage') return 2;
  if (code === 'cancelled') return 130;
  return 1;
}
