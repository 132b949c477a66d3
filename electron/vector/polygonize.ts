import { must } from '../base/assert.ts';
import { findComponents } from './components.ts';
import type { Ring } from './types.ts';

export interface PixelPolygon {
  readonly value: number;
  readonly pixels: number;
  /** In pixel coordinates (x = column, y = row, integers at pixel corners); the outer ring first, then holes. */
  readonly geometry: { type: 'Polygon'; coordinates: Ring[] };
}

/**
 * One valid polygon per 4-connected component of equal values, along pixel edges; rasterising them gives the same pixels
 * back exactly. `skip` is left out (nodata). Memory: nine bytes per pixel beside the result.
 *
 * Each ring is walked with its component on the right. Where two pixels of one component meet only at a corner, the walk
 * crosses over instead of turning back, so no ring touches itself (a hole may touch the outer ring in a point, which
 * Simple Features allows).
 */
export function polygonize(
  values: ArrayLike<number>,
  width: number,
  height: number,
  skip: number | null = null,
): PixelPolygon[] {
  const components = findComponents(values, width, height, skip);
  const { labels } = components;
  const rings: Ring[][] = Array.from({ length: components.count + 1 }, () => []);
  const walked = new Uint8Array(width * height);
  for (let row = 0, i = 0; row < height; row++) {
    for (let col = 0; col < width; col++, i++) {
      const label = labels[i] as number;
      if (label === 0 || walked[i] || (col > 0 && labels[i - 1] === label)) continue;
      // The first pixel of a component in scan order lies on its outer ring, so outer rings come first.
      must(rings[label], 'rings').push(walkRing(labels, width, height, col, row, label, walked));
    }
  }
  return rings.slice(1).map((coordinates, i) => ({
    value: must(components.values[i + 1], 'value'),
    pixels: must(components.pixels[i + 1], 'size'),
    geometry: { type: 'Polygon', coordinates },
  }));
}

/** Up, right, down, left: turning right adds one. */
const stepX = [0, 1, 0, -1];
const stepY = [-1, 0, 1, 0];
/** Offset from a corner to the pixel ahead on the left and on the right of each direction. */
const leftX = [-1, 0, 0, -1];
const leftY = [-1, -1, 0, 0];

/** Walks upwards along the left edge of pixel (col, row) and on until the start is reached; a closed ring of corners. */
function walkRing(
  labels: Int32Array,
  width: number,
  height: number,
  col: number,
  row: number,
  label: number,
  walked: Uint8Array,
): Ring {
  const inside = (x: number, y: number) =>
    x >= 0 && x < width && y >= 0 && y < height && labels[y * width + x] === label;
  const ring: Ring = [];
  let x = col;
  let y = row + 1;
  let direction = 0;
  const [startX, startY] = [x, y];
  do {
    // Going up, the component's pixel is to the right of the edge: mark that its left edge is done.
    if (direction === 0) walked[(y - 1) * width + x] = 1;
    x += stepX[direction] as number;
    y += stepY[direction] as number;
    const right = (direction + 1) & 3;
    const aheadLeft = inside(x + (leftX[direction] as number), y + (leftY[direction] as number));
    const aheadRight = inside(x + (leftX[right] as number), y + (leftY[right] as number));
    const next = aheadLeft ? (direction + 3) & 3 : aheadRight ? direction : right;
    if (next !== direction) ring.push([x, y]);
    direction = next;
  } while (x !== startX || y !== startY || direction !== 0);
  const [first] = ring;
  if (first) ring.push([...first]);
  return ring;
}
