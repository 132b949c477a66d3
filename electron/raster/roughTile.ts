import { type Tile, tileSize } from '../contract/bytes.ts';
import type { RasterReader, WindowPixels } from './types.ts';

/** Places looked at along the longer side of the whole raster: each costs one block. */
const places = 20;
/** Pixels of a place along each side; its mean stands for what lies around. */
const patch = 8;
/** A tile of this many raster pixels a side is read as quickly as it is drawn. */
const fastSpan = 8 * tileSize;
/** A raster of fewer pixels is read whole soon enough. */
const largeFrom = 2 ** 25;

/** Whether a tile would take a look at more of a raster than anyone would wait for: large, and no reduced version of it. */
export function isSlow({ info }: RasterReader, tile: Tile): boolean {
  return tile.width > fastSpan && info.width * info.height >= largeFrom && info.overviews.length === 0;
}

/**
 * A tile by what is found at a few places: something to see at once, until reduced versions are made. Same shape as
 * `readTile` answers; a place stands for the square around it.
 */
export async function readRoughTile(
  reader: RasterReader,
  tile: Tile,
  bands: readonly number[],
): Promise<WindowPixels> {
  const { width, height } = reader.info;
  const step = Math.max(width, height) / places;
  const count = Math.max(1, Math.round(tile.width / step));
  const out = bands.map(() => new Float32Array(tileSize * tileSize));
  const valid = new Uint8Array(tileSize * tileSize);
  const edge = (i: number) => Math.round((i * tileSize) / count);
  for (let j = 0; j < count; j += 1) {
    for (let i = 0; i < count; i += 1) {
      const col = Math.floor(tile.col + ((i + 0.5) * tile.width) / count);
      const row = Math.floor(tile.row + ((j + 0.5) * tile.height) / count);
      if (col < 0 || row < 0 || col >= width || row >= height) continue;
      const size = { width: Math.min(patch, width - col), height: Math.min(patch, height - row) };
      const found = await reader.readResampled({ col, row, ...size }, 1, 1, bands, 'average');
      if (!found.valid[0]) continue;
      const [left, right] = tile.flipX ? [edge(count - 1 - i), edge(count - i)] : [edge(i), edge(i + 1)];
      const [top, bottom] = tile.flipY ? [edge(count - 1 - j), edge(count - j)] : [edge(j), edge(j + 1)];
      for (let y = top; y < bottom; y += 1) {
        // Beyond the raster there is nothing to stand for.
        const to = tile.flipX ? right : Math.min(right, Math.ceil((width - tile.col) / tile.factor));
        valid.fill(1, y * tileSize + left, y * tileSize + to);
        for (const [b, band] of out.entries())
          band.fill(found.bands[b]?.[0] ?? 0, y * tileSize + left, y * tileSize + to);
      }
    }
  }
  return { width: tileSize, height: tileSize, bands: out, valid };
}
