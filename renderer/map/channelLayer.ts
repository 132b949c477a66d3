import WebGLTileLayer from 'ol/layer/WebGLTile.js';
import type Projection from 'ol/proj/Projection.js';
import DataTileSource from 'ol/source/DataTile.js';
import { tileSize } from '../../electron/contract/bytes.ts';
import { type BytesUrl, fetchBytes } from '../state/fetchBytes.ts';
import type { Overlay } from '../state/overlays.ts';
import { createCanvasTiles } from './canvasTiles.ts';
import type { RasterHandle } from './sceneLayer.ts';
import { createTileGrid, type Placed } from './tileGrid.ts';
import { hasWebGl } from './webgl.ts';

/** A raster whose bytes are red, green, blue and alpha already. */
export function createChannelLayer(
  overlay: Pick<Overlay, 'tile'>,
  placed: Placed,
  projection: Projection,
  url: BytesUrl,
  onError: (error: unknown) => void,
): RasterHandle<null> {
  const load = async ([z, x, y]: readonly [number, number, number], signal: AbortSignal) => {
    try {
      return new Uint8Array(await fetchBytes(url(overlay.tile(z, x, y)), signal));
    } catch (error) {
      if (!signal.aborted) onError(error);
      throw error;
    }
  };
  const setLook = () => {};
  if (!hasWebGl()) {
    const { layer } = createCanvasTiles(placed, projection, (bytes, rgba) => rgba.set(bytes), load);
    return { layer, setLook };
  }
  const source = new DataTileSource({
    projection,
    tileGrid: createTileGrid(placed),
    tileSize,
    bandCount: 4,
    transition: 0,
    interpolate: false,
    loader: (z, x, y, { signal }) => load([z, x, y], signal),
  });
  return { layer: new WebGLTileLayer({ source, cacheSize: 256 }), setLook };
}
