import type { Style } from 'ol/layer/WebGLTile.js';
import WebGLTileLayer from 'ol/layer/WebGLTile.js';
import type Projection from 'ol/proj/Projection.js';
import type { BytesUrl } from '../state/fetchBytes.ts';
import { groupColors, markColor } from '../state/overlayColors.ts';
import type { Overlay, Paint } from '../state/overlays.ts';
import { byteSource, tileLoader } from './byteTiles.ts';
import { createCanvasTiles } from './canvasTiles.ts';
import type { RasterHandle } from './sceneLayer.ts';
import type { Placed } from './tileGrid.ts';
import { hasWebGl } from './webgl.ts';

/** Colour by value of a one-byte raster, as `#rrggbb`; a value without one is transparent. */
export type CodeColors = readonly (string | null)[];

/**
 * A raster of one byte per pixel: class codes, groups, or percent. The shader sees bytes as 0 to 1, hence the
 * rounding; neighbouring codes must not be mixed, hence no interpolation.
 */
export function createCodeLayer(
  overlay: Pick<Overlay, 'tile' | 'passing'>,
  placed: Placed,
  projection: Projection,
  url: BytesUrl,
  colors: CodeColors,
  onError: (error: unknown) => void,
): RasterHandle<CodeColors> {
  const load = tileLoader(overlay, url, onError);
  // A shader takes longer to compile than a window of tiles takes to paint: what is replaced all the time has none.
  if (overlay.passing || !hasWebGl()) {
    const tiles = createCanvasTiles(placed, projection, painter(colors), load);
    return { layer: tiles.layer, setLook: (look) => tiles.repaint(painter(look)) };
  }
  const layer = new WebGLTileLayer({
    source: byteSource(placed, projection, 1, load),
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
  const table = new Uint8ClampedArray(4 * 256);
  colors.forEach((color, code) => {
    const c = color === null ? null : Number.parseInt(color.slice(1), 16);
    if (c !== null) table.set([c >> 16, (c >> 8) & 255, c & 255, 255], 4 * code);
  });
  const whole = new Uint32Array(table.buffer);
  return (codes: Uint8Array, rgba: Uint8ClampedArray) => {
    const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, codes.length);
    for (let i = 0; i < codes.length; i++) pixels[i] = whole[codes[i] ?? 0] ?? 0;
  };
}

const stops = [
  [59, 15, 112],
  [140, 41, 129],
  [222, 73, 104],
  [254, 159, 109],
  [252, 253, 191],
] as const;

/** From little to much in 1 to 101, in perceptual order and readable without colour vision; 0 is "nothing known". */
function rampColors(): CodeColors {
  const hex = (v: number) => Math.round(v).toString(16).padStart(2, '0');
  return Array.from({ length: 102 }, (_, value) => {
    if (value === 0) return null;
    const at = (Math.min(100, value) / 100) * (stops.length - 1);
    const low = stops[Math.floor(at)] ?? stops[0];
    const high = stops[Math.ceil(at)] ?? low;
    const share = at - Math.floor(at);
    return `#${low.map((v, c) => hex(v + ((high[c] ?? v) - v) * share)).join('')}`;
  });
}

/** The colours of a layer of codes. `classes` are the project's own. */
export function overlayColors(paint: Paint, classes: CodeColors): CodeColors {
  switch (paint) {
    case 'classes':
      return classes;
    case 'groups':
      return [null, ...groupColors];
    case 'mark':
      return [null, null, markColor];
    default:
      return rampColors();
  }
}
