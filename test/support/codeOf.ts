import { isAppError } from '../../electron/base/errors.ts';

/** Code of the AppError that `body` throws, or 'no error'; any other error goes through. */
export function codeOf(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
  return 'no error';
}
