import type { Prng } from '../../base/prng.ts';
import { compose, type Geometry } from './geometry.ts';

/** Turns by 0, 90, 180 or 270 degrees with equal chance. */
export function quarterTurn(g: Geometry, prng: Prng): void {
  const turns = prng.integer(4);
  const cos = [1, 0, -1, 0][turns] as number;
  const sin = [0, 1, 0, -1][turns] as number;
  compose(g, cos, -sin, sin, cos);
}
