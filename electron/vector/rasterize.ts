import { AppError } from '../base/errors.ts';
import { polygonsOf } from './geometry.ts';
import type { Geometry, Position, Ring } from './types.ts';

export interface Shape {
  /** In pixel coordinates: x = column, y = row, both growing to the lower right; the first pixel's centre is (0.5, 0.5). */
  readonly geometry: Geometry;
  readonly id: number;
}

/**
 * Burns ids into a grid of height × width cells, row-major. A pixel belongs to a polygon that holds its centre, the rule
 * of GDAL's gdal_rasterize; a centre on a left or upper edge is in, on a right or lower edge out, so that neighbours
 * share no pixel and leave none. Later shapes win. Holes by the even-odd rule; a point burns the pixel it lies in.
 */
export function rasterize(
  shapes: Iterable<Shape>,
  width: number,
  height: number,
  grid: Int32Array = new Int32Array(width * height),
): Int32Array {
  if (grid.length !== width * height) {
    throw new AppError('internal', `A grid of ${grid.length} cells is not ${width} × ${height}`);
  }
  for (const { geometry, id } of shapes) {
    if (geometry.type === 'Point') {
      const [x = -1, y = -1] = geometry.coordinates;
      const [col, row] = [Math.floor(x), Math.floor(y)];
      if (col >= 0 && col < width && row >= 0 && row < height) grid[row * width + col] = id;
      continue;
    }
    for (const polygon of polygonsOf(geometry)) {
      fillPolygon(polygon, width, height, (start, end) => grid.fill(id, start, end));
    }
  }
  return grid;
}

/** Calls `span` with [start, end) indices of a row-major grid for every run of covered pixels. */
function fillPolygon(
  polygon: Ring[],
  width: number,
  height: number,
  span: (start: number, end: number) => void,
): void {
  const crossings: number[][] = [];
  const firstRow = startRow(polygon, height);
  for (const ring of polygon) {
    for (let i = 0; i + 1 < ring.length; i++) {
      addCrossings(ring[i] as Position, ring[i + 1] as Position, firstRow, height, crossings);
    }
  }
  crossings.forEach((xs, i) => {
    xs.sort((a, b) => a - b);
    const offset = (firstRow + i) * width;
    for (let k = 0; k + 1 < xs.length; k += 2) {
      // The centre of column c is c + 0.5: in when x0 ≤ c + 0.5 < x1.
      const from = Math.max(0, Math.ceil((xs[k] as number) - 0.5));
      const to = Math.min(width, Math.ceil((xs[k + 1] as number) - 0.5));
      if (from < to) span(offset + from, offset + to);
    }
  });
}

function startRow(polygon: Ring[], height: number): number {
  let top = Infinity;
  for (const ring of polygon) for (const position of ring) top = Math.min(top, position[1] ?? Infinity);
  return Math.min(height, Math.max(0, Math.ceil(top - 0.5)));
}

/** Adds x of every row centre that the edge crosses, to the list of that row. */
function addCrossings(a: Position, b: Position, firstRow: number, height: number, rows: number[][]): void {
  const [ax = 0, ay = 0] = a;
  const [bx = 0, by = 0] = b;
  if (ay === by) return;
  // Always computed from the upper end, so that an edge shared by two neighbours gives both the same x.
  const [x0, y0, x1, y1] = ay < by ? [ax, ay, bx, by] : [bx, by, ax, ay];
  const from = Math.max(firstRow, Math.ceil(y0 - 0.5));
  const to = Math.min(height, Math.ceil(y1 - 0.5));
  const slope = (x1 - x0) / (y1 - y0);
  for (let row = from; row < to; row++) {
    const list = rows[row - firstRow] ?? [];
    list.push(x0 + (row + 0.5 - y0) * slope);
    rows[row - firstRow] = list;
  }
}
