import { type Clock, systemClock } from './clock.ts';
import { hashSeed } from './prng.ts';

let counter = 0;

/**
 * A short id that sorts by time and reads aloud: `vicreg-20261123-174210-3f2a`. Unique per process by a counter, and
 * across processes by time and `salt` (the host passes its pid).
 */
export function timeId(prefix: string, salt: number | string, clock: Clock = systemClock): string {
  const now = clock.now();
  const stamp = new Date(now).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  counter += 1;
  const tail = (hashSeed(now, salt, counter) & 0xffff).toString(16).padStart(4, '0');
  return `${prefix}-${stamp}-${tail}`;
}
