import { AppError } from './errors.ts';

/** A broken invariant is our fault, never the user's: input is parsed at the walls and refused with a better word. */
export function assert(condition: unknown, message: string | (() => string)): asserts condition {
  if (!condition) throw new AppError('internal', typeof message === 'function' ? message() : message);
}

/** The value, or an internal error that says what was missing. */
export function must<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new AppError('internal', `Missing ${what}`);
  return value;
}

/** Closes a switch over a union: a new member becomes a compile error. */
export function never(value: never, what: string): never {
  throw new AppError('internal', `Unexpected ${what}: ${String(value)}`);
}
