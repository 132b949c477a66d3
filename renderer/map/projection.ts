import Projection from 'ol/proj/Projection.js';
import type { Units } from '../state/coordinates.ts';

/**
 * The project's own plane. Everything the app serves is in these coordinates already, so no transform is ever needed
 * and none is registered.
 */
export function createProjection(units: Units): Projection {
  return new Projection({ code: `swath:project:${units}`, units, global: false });
}
