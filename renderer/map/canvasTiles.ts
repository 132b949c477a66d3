import TileLayer from 'ol/layer/Tile.js';
import type Projection from 'ol/proj/Projection.js';
import DataTileSource from 'ol/source/DataTile.js';
import { tileSize } from '../../electron/contract/bytes.ts';
import { createTileGrid, type Placed } from './tileGrid.ts';

export type LoadTile<T> = (place: readonly [number, number, number], signal: AbortSignal) => Promise<T>;
/** Writes RGBA bytes [256 × 256 × 4] for a tile's values. */
export type PaintTile<T> = (values: T, rgba: Uint8ClampedArray) => void;

const kept = 256;

/**
 * A raster layer without WebGL: tiles are painted in JavaScript. Values stay in memory, so that a change of colours
 * repaints without reading again.
 */
export function createCanvasTiles<T>(
  placed: Placed,
  projection: Projection,
  paint: PaintTile<T>,
  load: LoadTile<T>,
) {
  const values = new Map<string, T>();
  let painter = paint;
  let loader = load;
  const source = new DataTileSource({
    projection,
    tileGrid: createTileGrid(placed),
    tileSize,
    transition: 0,
    interpolate: false,
    loader: async (z, x, y, { signal }) => {
      const key = `${z}/${x}/${y}`;
      const known = values.get(key) ?? (await loader([z, x, y], signal));
      values.set(key, known);
      if (values.size > kept) values.delete(values.keys().next().value ?? key);
      return toCanvas(known, painter);
    },
  });
  const layer = new TileLayer({ source });
  return {
    layer,
    repaint(next: PaintTile<T>) {
      painter = next;
      source.refresh();
    },
    reload(next: LoadTile<T>) {
      loader = next;
      values.clear();
      source.refresh();
    },
  };
}

function toCanvas<T>(values: T, paint: PaintTile<T>): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = tileSize;
  canvas.height = tileSize;
  const context = canvas.getContext('2d');
  const image = new ImageData(tileSize, tileSize);
  paint(values, image.data);
  context?.putImageData(image, 0, 0);
  return canvas;
}
