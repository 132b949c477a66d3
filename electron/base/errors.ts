/**
 * The one error of the house. It names the thing (`subject`), says what was found (`message`) and the way out (`remedy`).
 * Codes are a closed union, so that a host can map them to exit codes and the renderer to words.
 * It crosses walls as `ErrorRecord`; only this file turns one into the other.
 */
export const errorCodes = [
  'usage', // the call itself is wrong: unknown command, missing or malformed argument
  'not-found', // a file, project, run, model … that does not exist
  'exists', // would overwrite something
  'bad-input', // a file or value that is there but cannot be used
  'unsupported', // valid, but not something Swath does
  'read-only', // the place cannot be written
  'disk-full',
  'locked', // another process holds the project
  'mismatch', // two things that do not fit: bands, CRS, shapes
  'out-of-memory',
  'device', // the compute device failed or is not there
  'cancelled',
  'worker-died',
  'unauthorized',
  'internal', // a broken invariant: our fault
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export interface ErrorRecord {
  code: ErrorCode;
  message: string;
  subject?: string | undefined;
  remedy?: string | undefined;
  stack?: string | undefined;
}

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly subject: string | undefined;
  readonly remedy: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    facts: { subject?: string | undefined; remedy?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'AppError';
    this.code = code;
    this.subject = facts.subject;
    this.remedy = facts.remedy;
  }
}

export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code);
}

/** Any thrown value as a record that survives JSON. Node's system errors become the code that says what to do. */
export function toErrorRecord(error: unknown): ErrorRecord {
  if (error instanceof AppError) {
    return {
      code: error.code,
      message: error.message,
      subject: error.subject,
      remedy: error.remedy,
      stack: error.stack,
    };
  }
  if (error instanceof Error) {
    const system = fromSystemError(error);
    return system
      ? { ...toErrorRecord(system), stack: error.stack }
      : { code: 'internal', message: error.message, stack: error.stack };
  }
  return { code: 'internal', message: String(error) };
}

/** The error a record stands for. `call` names what failed, and heads the stack. */
export function reviveError(record: ErrorRecord, call?: string): AppError {
  const error = new AppError(record.code, record.message, { subject: record.subject, remedy: record.remedy });
  if (record.stack) error.stack = call ? `${call}: ${record.stack}` : record.stack;
  return error;
}

/** ENOSPC, EACCES, ENOENT … as an AppError; undefined when the error is not the system's. */
export function fromSystemError(error: unknown, subject?: string): AppError | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return undefined;
  const path = subject ?? (error as { path?: string }).path;
  const facts = (remedy: string) => ({ subject: path, remedy, cause: error });
  const at = path ? `: ${path}` : '';
  switch (code) {
    case 'ENOENT':
      return new AppError('not-found', `No such file or folder${at}`, facts('Check the path.'));
    case 'EEXIST':
      return new AppError('exists', `Already exists${at}`, facts('Choose another name.'));
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError(
        'read-only',
        `Cannot write here${at} (${code})`,
        facts('Choose a folder you may write to, or change its permissions.'),
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError(
        'disk-full',
        `The disk is full${at}`,
        facts('Free some space and try again; nothing saved was lost.'),
      );
    case 'EISDIR':
      return new AppError(
        'bad-input',
        `A folder was given where a file is needed${at}`,
        facts('Give a file.'),
      );
    case 'ENOTDIR':
      return new AppError(
        'bad-input',
        `A file was given where a folder is needed${at}`,
        facts('Give a folder.'),
      );
    default:
      return undefined;
  }
}
