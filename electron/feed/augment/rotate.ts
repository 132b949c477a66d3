import type { Prng } from '../../base/prng.ts';
import { compose, type Geometry } from './geometry.ts';

/** Turns by an angle drawn evenly from −degrees to degrees. */
export function rotate(g: Geometry, prng: Prng, degrees: number): void {
  const angle = ((2 * prng.uniform() - 1) * degrees * Math.PI) / 180;
  compose(g, Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle));
}
