import WebGLTileLayer from 'ol/layer/WebGLTile.js';
import type Projection from 'ol/proj/Projection.js';
import type { BytesUrl } from '../state/fetchBytes.ts';
import type { Overlay } from '../state/overlays.ts';
import { byteSource, tileLoader } from './byteTiles.ts';
import { createCanvasTiles } from './canvasTiles.ts';
import type { RasterHandle } from './sceneLayer.ts';
import type { Placed } from './tileGrid.ts';
import { hasWebGl } from './webgl.ts';

/** A raster whose bytes are red, green, blue and alpha already. */
export function createChannelLayer(
  overlay: Pick<Overlay, 'tile'>,
  placed: Placed,
  projection: Projection,
  url: BytesUrl,
  onError: (error: unknown) => void,
): RasterHandle<null> {
  const load = tileLoader(overlay, url, onError);
  const setLook = () => {};
  if (!hasWebGl()) {
    const { layer } = createCanvasTiles(placed, projection, (bytes, rgba) => rgba.set(bytes), load);
    return { layer, setLook };
  }
  const source = byteSource(placed, projection, 4, load);
  return { layer: new WebGLTileLayer({ source, cacheSize: 256 }), setLook };
}
