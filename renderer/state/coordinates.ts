import type { CrsRef, Extent } from '../../electron/contract/geometry.ts';

export type Units = 'm' | 'degrees' | 'pixels';

/** Units of a project's coordinates, as far as the map needs them: for the scale bar and for formatting. */
export function unitsOf(crs: CrsRef | null | undefined): Units {
  if (!crs) return 'pixels';
  if (crs.wkt && /^\s*(GEOGCS|GEOGCRS|GEODCRS)\b/i.test(crs.wkt)) return 'degrees';
  if (!crs.wkt && crs.epsg !== null && crs.epsg >= 4000 && crs.epsg < 5000) return 'degrees';
  return 'm';
}

export function crsName(crs: CrsRef | null | undefined): string | null {
  if (!crs) return null;
  if (crs.epsg !== null) return crs.name ? `EPSG:${crs.epsg} ${crs.name}` : `EPSG:${crs.epsg}`;
  return crs.name ?? 'User-defined CRS';
}

/** 1 : n on a screen of 96 dots per inch; undefined where the ground has no size. */
export function scaleDenominator(resolution: number, units: Units, latitude = 0): number | undefined {
  const dotsPerMetre = 96 / 0.0254;
  if (units === 'm') return resolution * dotsPerMetre;
  if (units === 'degrees')
    return resolution * 111_319.49 * Math.cos((latitude * Math.PI) / 180) * dotsPerMetre;
  return undefined;
}

/** A square of `side` map units with a place in its middle. */
export function squareAround([x, y]: readonly [number, number], side: number): Extent {
  return [x - side / 2, y - side / 2, x + side / 2, y + side / 2];
}
