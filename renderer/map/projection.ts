import Projection from 'ol/proj/Projection.js';
import type { Units } from '../state/coordinates.ts';

/**
 * The project's own plane. Everything the app serves is in these coordinates already, so no transform is ever needed
 * and none is registered. A pixel counts as a metre, because a view needs some length to derive its zoom levels from.
 */
export function createProjection(units: Units): Projection {
  return new Projection({
    code: `swath:project:${units}`,
    units,
    metersPerUnit: units === 'degrees' ? 111_319.49 : 1,
  });
}
