/** The only place that reads the clock, so that everything above can be given another one in a test. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Monotonic milliseconds, for durations. */
  tick(): number;
}
export const systemClock: Clock = { now: () => Date.now(), tick: () => performance.now() };

/** ISO 8601 in UTC with seconds: what is stored and shown in logs. */
export function isoTime(clock: Clock = systemClock): string {
  return `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
}
