/** Pixels of a tile of the grid that `contract/bytes.ts` describes, out of any raster. */
import { type Tile, tileSize } from '../contract/bytes.ts';
import type { PixelArray, RasterReader, WindowPixels } from './types.ts';

/** tileSize × tileSize pixels; not valid beyond the raster. Reduced by `method`, never enlarged. */
export async function readTile(
  reader: RasterReader,
  tile: Tile,
  bands: readonly number[],
  method: 'nearest' | 'average',
): Promise<WindowPixels> {
  const pixels = await readInside(reader, tile, bands, tile.factor <= 1 ? 'nearest' : method);
  if (!tile.flipX && !tile.flipY) return pixels;
  const from = (i: number) => {
    const [col, row] = [i % tileSize, Math.floor(i / tileSize)];
    return (tile.flipY ? tileSize - 1 - row : row) * tileSize + (tile.flipX ? tileSize - 1 - col : col);
  };
  return {
    ...pixels,
    bands: pixels.bands.map((band) => band.map((_, i) => band[from(i)] ?? 0)),
    valid: pixels.valid.map((_, i) => pixels.valid[from(i)] ?? 0),
  };
}

/** Reads no farther than the last tile pixel that meets the raster; beyond it nothing is valid. */
async function readInside(
  reader: RasterReader,
  tile: Tile,
  bands: readonly number[],
  method: 'nearest' | 'average',
): Promise<WindowPixels> {
  const { info } = reader;
  const width = Math.min(tileSize, Math.ceil((info.width - tile.col) / tile.factor));
  const height = Math.min(tileSize, Math.ceil((info.height - tile.row) / tile.factor));
  const window = { col: tile.col, row: tile.row, width: width * tile.factor, height: height * tile.factor };
  const part = await reader.readResampled(window, width, height, bands, method);
  if (width === tileSize && height === tileSize) return part;
  const spread = <T extends PixelArray>(from: T): T => {
    const to = new (from.constructor as new (n: number) => T)(tileSize * tileSize);
    for (let row = 0; row < height; row++) {
      to.set(from.subarray(row * width, (row + 1) * width), row * tileSize);
    }
    return to;
  };
  return { width: tileSize, height: tileSize, bands: part.bands.map(spread), valid: spread(part.valid) };
}
