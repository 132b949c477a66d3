import type LineString from 'ol/geom/LineString.js';
import Polygon from 'ol/geom/Polygon.js';
import type Projection from 'ol/proj/Projection.js';
import { getArea, getLength } from 'ol/sphere.js';
import type { Measured } from '../state/window.svelte.ts';

/**
 * Length of a line and area of the ring it would close: in map units of the plane, or in metres on the sphere where the
 * coordinates are degrees (mean earth radius 6 371 008.8 m).
 */
export function measure(line: LineString, projection: Projection): Measured {
  const corners = line.getCoordinates();
  const ring = corners.length > 2 ? new Polygon([[...corners, corners[0] ?? [0, 0]]]) : null;
  if (projection.getUnits() !== 'degrees') return { length: line.getLength(), area: ring?.getArea() ?? null };
  const sphere = { projection: 'EPSG:4326' };
  return { length: getLength(line, sphere), area: ring && getArea(ring, sphere) };
}
