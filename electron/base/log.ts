/** Log lines go to a sink that the host chooses (stderr, a file); the house never writes to stdout by itself. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type Log = (level: LogLevel, message: string, facts?: Record<string, unknown>) => void;
export const silent: Log = () => {};
