import { z } from 'zod';

/**
 * Geometries as GeoJSON writes them, in the project's CRS; without a CRS in local pixel coordinates (x = column,
 * y = −row), so that pictures stand upright in any GIS.
 */
export const position = z.array(z.number().finite()).min(2).max(4);
const ring = z.array(position).min(4);

export const polygonSchema = z.object({ type: z.literal('Polygon'), coordinates: z.array(ring).min(1) });
export const multiPolygonSchema = z.object({
  type: z.literal('MultiPolygon'),
  coordinates: z.array(z.array(ring).min(1)).min(1),
});
export const arealSchema = z.discriminatedUnion('type', [polygonSchema, multiPolygonSchema]);
export type Areal = z.infer<typeof arealSchema>;

/** minx, miny, maxx, maxy. */
export type Extent = readonly [number, number, number, number];
export const extentSchema = z
  .tuple([z.number().finite(), z.number().finite(), z.number().finite(), z.number().finite()])
  .refine(([minx, miny, maxx, maxy]) => minx < maxx && miny < maxy, 'needs minx < maxx and miny < maxy');

export interface CrsRef {
  readonly epsg: number | null;
  readonly name: string | null;
  readonly wkt: string | null;
}
