/** From polygons in pixel coordinates to pixels, window by window, so that a scene of any size needs one window of memory. */
import type { Areal } from '../contract/geometry.ts';
import type { PixelField, PixelPolygons } from '../contract/jobs.ts';
import type { Window } from '../raster/types.ts';
import { rasterize } from '../vector/rasterize.ts';
import { intersect, isEmpty } from './blocks.ts';

/** The smallest window around polygons; null when they hold no point. */
export function boundsOf(polygons: PixelPolygons): Window | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const polygon of polygons) {
    for (const [x, y] of polygon[0] ?? []) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  if (!(left <= right && top <= bottom)) return null;
  const col = Math.floor(left);
  const row = Math.floor(top);
  return { col, row, width: Math.ceil(right) - col, height: Math.ceil(bottom) - row };
}

/** Pixel polygons as a geometry in the coordinates of a window, rings closed. */
function toGeometry(polygons: PixelPolygons, window: Window): Areal {
  return {
    type: 'MultiPolygon',
    coordinates: polygons.map((polygon) =>
      polygon.map((ring) => {
        const moved = ring.map(([x, y]) => [x - window.col, y - window.row]);
        const [first, last] = [moved[0], moved.at(-1)];
        if (first && last && (first[0] !== last[0] || first[1] !== last[1])) moved.push([...first]);
        return moved;
      }),
    ),
  };
}

/** An index of fields by where they are; pixels shared by two fields belong to the later one. */
export interface FieldIndex {
  /** Does any field come near the window? */
  touches(window: Window): boolean;
  /** [height · width] of the window: 0, or 1 + the index of the field whose polygon holds the pixel's centre. */
  burn(window: Window): Int32Array;
}

export function indexFields(fields: readonly Pick<PixelField, 'polygons'>[]): FieldIndex {
  const shapes = fields.map((field, i) => ({
    bounds: boundsOf(field.polygons),
    polygons: field.polygons,
    id: i + 1,
  }));
  const near = (window: Window) =>
    shapes.filter(({ bounds }) => bounds !== null && !isEmpty(intersect(bounds, window)));
  return {
    touches: (window) => near(window).length > 0,
    burn: (window) =>
      rasterize(
        near(window).map(({ polygons, id }) => ({ geometry: toGeometry(polygons, window), id })),
        window.width,
        window.height,
      ),
  };
}
