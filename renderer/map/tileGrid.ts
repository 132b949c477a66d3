import TileGrid from 'ol/tilegrid/TileGrid.js';
import { levels, tileSize } from '../../electron/contract/bytes.ts';
import type { Scene } from '../../electron/contract/scene.ts';

/** What of a scene the grid needs: its place, size and pixel. */
export type Placed = Pick<Scene, 'width' | 'height' | 'extent' | 'resolution'>;

/**
 * The grid of `contract/bytes`: origin at the upper left, resolutions halving down to one tile pixel per scene pixel.
 * Pixels that are not square make tiles that are not square on the ground; their data stay 256 × 256.
 */
export function createTileGrid({ width, height, extent, resolution }: Placed): TileGrid {
  const count = levels(width, height);
  const [x, y] = resolution;
  return new TileGrid({
    origin: [extent[0], extent[3]],
    extent: [...extent],
    resolutions: Array.from({ length: count }, (_, z) => x * 2 ** (count - 1 - z)),
    tileSize: x === y ? tileSize : [tileSize, (tileSize * y) / x],
  });
}
