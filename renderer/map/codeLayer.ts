import type { Style } from 'ol/layer/WebGLTile.js';
import WebGLTileLayer from 'ol/layer/WebGLTile.js';
import type Projection from 'ol/proj/Projection.js';
import DataTileSource from 'ol/source/DataTile.js';
import { byteRoutes, tileSize } from '../../electron/contract/bytes.ts';
import { type BytesUrl, fetchBytes } from '../state/fetchBytes.ts';
import { createCanvasTiles } from './canvasTiles.ts';
import type { RasterHandle } from './sceneLayer.ts';
import { createTileGrid, type Placed } from './tileGrid.ts';
import { hasWebGl } from './webgl.ts';

/** Colour by value of a one-byte raster, as `#rrggbb`; a value without one is transparent. */
export type CodeColors = readonly (string | null)[];

/**
 * A raster of one byte per pixel: class codes, or confidence in percent. The shader sees bytes as 0 to 1, hence the
 * rounding; neighbouring codes must not be mixed, hence no interpolation.
 */
export function createCodeLayer(
  layerName: 'class' | 'confidence',
  mapId: string,
  placed: Placed,
  projection: Projection,
  url: BytesUrl,
  colors: CodeColors,
  onError: (error: unknown) => void,
): RasterHandle<CodeColors> {
  const load = async ([z, x, y]: readonly [number, number, number], signal: AbortSignal) => {
    try {
      return new Uint8Array(await fetchBytes(url(byteRoutes.mapTile(mapId, layerName, z, x, y)), signal));
    } catch (error) {
      if (!signal.aborted) onError(error);
      throw error;
    }
  };
  if (!hasWebGl()) {
    const tiles = createCanvasTiles(placed, projection, painter(colors), load);
    return { layer: tiles.layer, setLook: (look) => tiles.repaint(painter(look)) };
  }
  const layer = new WebGLTileLayer({
    source: new DataTileSource({
      projection,
      tileGrid: createTileGrid(placed),
      tileSize,
      bandCount: 1,
      transition: 0,
      interpolate: false,
      loader: (z, x, y, { signal }) => load([z, x, y], signal),
    }),
    style: paletteStyle(colors),
    cacheSize: 256,
  });
  // A palette is compiled into the shader: other colours are another style.
  return { layer, setLook: (look) => layer.setStyle(paletteStyle(look)) };
}

function paletteStyle(colors: CodeColors): Style {
  const palette = Array.from({ length: 256 }, (_, code) => colors[code] ?? 'rgba(0,0,0,0)');
  return { color: ['palette', ['round', ['*', ['band', 1], 255]], palette] };
}

function painter(colors: CodeColors) {
  const table = colors.map((c) => (c ? Number.parseInt(c.slice(1), 16) : null));
  return (codes: Uint8Array, rgba: Uint8ClampedArray) => {
    codes.forEach((code, i) => {
      const color = table[code];
      if (color === null || color === undefined) return;
      rgba.set([color >> 16, (color >> 8) & 255, color & 255, 255], i * 4);
    });
  };
}

/** From unsure to sure, in perceptual order and readable without colour vision; 0 is "nothing known". */
export function confidenceColors(): CodeColors {
  const stops = [
    [59, 15, 112],
    [140, 41, 129],
    [222, 73, 104],
    [254, 159, 109],
    [252, 253, 191],
  ] as const;
  const hex = (v: number) => Math.round(v).toString(16).padStart(2, '0');
  return Array.from({ length: 101 }, (_, percent) => {
    if (percent === 0) return null;
    const at = (percent / 100) * (stops.length - 1);
    const low = stops[Math.floor(at)] ?? stops[0];
    const high = stops[Math.ceil(at)] ?? low;
    const share = at - Math.floor(at);
    return `#${low.map((v, c) => hex(v + ((high[c] ?? v) - v) * share)).join('')}`;
  });
}
