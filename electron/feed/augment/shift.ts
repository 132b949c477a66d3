import type { Prng } from '../../base/prng.ts';
import type { Geometry } from './geometry.ts';

/** Cuts the view at one of (pixels + 1)² places of a patch that is `pixels` larger than the tile. */
export function shift(g: Geometry, prng: Prng, pixels: number): void {
  g.x += prng.integer(pixels + 1) - pixels / 2;
  g.y += prng.integer(pixels + 1) - pixels / 2;
}
