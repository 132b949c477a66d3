import proj4 from 'proj4';
import { AppError } from '../base/errors.ts';
import { mapPositions } from './geometry.ts';
import type { Feature, Transform } from './types.ts';

/**
 * A transform between two CRSs given as proj4 or WKT strings; longitude or easting first in both.
 * Errors: `unsupported` when a string is not understood, `bad-input` when a position has no image.
 */
export function transformBetween(from: string, to: string): Transform {
  const converter = parse(from, to);
  return (x, y) => {
    const [u, v] = converter.forward([x, y]);
    if (u === undefined || v === undefined || !Number.isFinite(u) || !Number.isFinite(v)) {
      throw new AppError('bad-input', `The position (${x}, ${y}) cannot be expressed in the project's CRS`, {
        remedy: 'Check the CRS of the file: coordinates such as these lie outside its area of use.',
      });
    }
    return [u, v];
  };
}

function parse(from: string, to: string): proj4.Converter {
  try {
    return proj4(from, to);
  } catch (cause) {
    throw new AppError(
      'unsupported',
      `This CRS is not understood: ${from.slice(0, 80)} → ${to.slice(0, 80)}`,
      {
        remedy:
          'Save the file in a CRS with an EPSG code (WGS 84, EPSG:4326, always works) and import it again.',
        cause,
      },
    );
  }
}

/** Features with moved geometries; those that cannot be moved lose theirs and say why, so that they are listed. */
export function reproject(features: readonly Feature[], transform: Transform): Feature[] {
  return features.map((feature) => {
    if (!feature.geometry) return feature;
    try {
      return { ...feature, geometry: mapPositions(feature.geometry, transform) };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { ...feature, geometry: null, unread: error.message };
    }
  });
}
