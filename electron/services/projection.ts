import { crsName, proj4For } from '../raster/crs.ts';
import { type Context, currentProject } from './context.ts';

/** The project's coordinates as proj4 understands them: what a window needs to show longitude and latitude. */
export function projectionOf(ctx: Context): string | null {
  const crs = currentProject(ctx).crs ?? null;
  if (crs === null) return null;
  return crs.epsg !== null && crsName(crs.epsg) !== null ? proj4For(crs.epsg) : crs.wkt;
}
