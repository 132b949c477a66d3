import type { Prng } from '../../base/prng.ts';
import { compose, type Geometry } from './geometry.ts';

/**
 * A part of the tile, enlarged to the tile: area drawn evenly from `minimumArea` to 1, aspect ratio from 3:4 to 4:3
 * with an even logarithm (Szegedy et al. 2015, as the papers of the five methods use it), anywhere inside the tile.
 */
export function crop(g: Geometry, prng: Prng, tile: number, minimumArea: number): void {
  const area = minimumArea + (1 - minimumArea) * prng.uniform();
  const aspect = (4 / 3) ** (2 * prng.uniform() - 1);
  const width = Math.min(1, Math.sqrt(area * aspect));
  const height = Math.min(1, Math.sqrt(area / aspect));
  g.x += (prng.uniform() - 0.5) * (1 - width) * tile;
  g.y += (prng.uniform() - 0.5) * (1 - height) * tile;
  compose(g, width, 0, 0, height);
}
