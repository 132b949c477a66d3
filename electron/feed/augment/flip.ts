import type { Prng } from '../../base/prng.ts';
import { compose, type Geometry } from './geometry.ts';

/** Mirrors left to right and top to bottom, each with its own draw. */
export function flip(g: Geometry, prng: Prng, probability: number): void {
  const across = prng.uniform() < probability ? -1 : 1;
  const down = prng.uniform() < probability ? -1 : 1;
  compose(g, across, 0, 0, down);
}
