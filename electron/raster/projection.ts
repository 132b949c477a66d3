/** From one coordinate system to another, by proj4. */
import proj4 from 'proj4';
import { AppError } from '../base/errors.ts';
import { proj4For } from './crs.ts';
import type { Crs } from './types.ts';
import { wktOf } from './wkt.ts';

/** A function of map positions, easting or longitude first. Not finite where a projection does not reach. */
export type PositionTransform = (x: number, y: number) => [number, number];

/**
 * A CRS as callers name it: an EPSG code, or the CRS of a raster, which may be described without a code.
 * Errors: unsupported, when the code is not in the table or the description is not understood.
 */
export function transformBetween(from: number | Crs, to: number | Crs): PositionTransform {
  const [source, target] = [definitionOf(from), definitionOf(to)];
  if (source === target) return (x, y) => [x, y];
  const converter = parse(source, target);
  return (x, y) => converter.forward([x, y]) as [number, number];
}

function definitionOf(crs: number | Crs): string {
  if (typeof crs === 'number') return proj4For(crs);
  if (crs.epsg !== null) return proj4For(crs.epsg);
  const wkt = wktOf(crs);
  if (wkt !== null) return wkt;
  throw new AppError(
    'unsupported',
    `The coordinate system ${crs.name ?? 'of the raster'} has no EPSG code and no description that is understood`,
    { remedy: 'Rewrite the raster with gdalwarp -t_srs and a code, such as EPSG:4326.' },
  );
}

function parse(source: string, target: string): proj4.Converter {
  try {
    return proj4(source, target);
  } catch (cause) {
    throw new AppError(
      'unsupported',
      `There is no way from one coordinate system to the other: ${source.slice(0, 80)} → ${target.slice(0, 80)}`,
      { remedy: 'Rewrite the raster with gdalwarp -t_srs and a code, such as EPSG:4326.', cause },
    );
  }
}
