/** Tiles of bytes as they come from the byte routes: what a value means is the layer's matter. */
import type Projection from 'ol/proj/Projection.js';
import DataTileSource from 'ol/source/DataTile.js';
import { tileSize } from '../../electron/contract/bytes.ts';
import { type BytesUrl, fetchBytes } from '../state/fetchBytes.ts';
import type { Overlay } from '../state/overlays.ts';
import { createTileGrid, type Placed } from './tileGrid.ts';

type Load = (at: readonly [number, number, number], signal: AbortSignal) => Promise<Uint8Array>;

/** One tile; a failure that was not asked for is told, and passed on. */
export function tileLoader(
  overlay: Pick<Overlay, 'tile'>,
  url: BytesUrl,
  onError: (error: unknown) => void,
): Load {
  return async ([z, x, y], signal) => {
    try {
      return new Uint8Array(await fetchBytes(url(overlay.tile(z, x, y)), signal));
    } catch (error) {
      if (!signal.aborted) onError(error);
      throw error;
    }
  };
}

/** For a shader: values as they are, never mixed with their neighbours. */
export function byteSource(
  placed: Placed,
  projection: Projection,
  bandCount: number,
  load: Load,
): DataTileSource {
  return new DataTileSource({
    projection,
    tileGrid: createTileGrid(placed),
    tileSize,
    bandCount,
    transition: 0,
    interpolate: false,
    loader: (z, x, y, { signal }) => load([z, x, y], signal),
  });
}
