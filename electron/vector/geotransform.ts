import { AppError } from '../base/errors.ts';
import type { Transform } from './types.ts';

/** x = g[0] + col·g[1] + row·g[2]; y = g[3] + col·g[4] + row·g[5] (GDAL's order, upper left corner of a pixel). */
export type Geotransform = readonly [number, number, number, number, number, number];

/** Local pixel coordinates of scenes without georeferencing: x = column, y = −row. */
export const localPixels: Geotransform = [0, 1, 0, 0, 0, -1];

/** From (column, row), continuous, to map coordinates. */
export function pixelsToMap(g: Geotransform): Transform {
  return (col, row) => [g[0] + col * g[1] + row * g[2], g[3] + col * g[4] + row * g[5]];
}

/** From map coordinates to (column, row), continuous. Errors: `bad-input` for a geotransform without inverse. */
export function mapToPixels(g: Geotransform): Transform {
  const determinant = g[1] * g[5] - g[2] * g[4];
  if (!Number.isFinite(determinant) || determinant === 0) {
    throw new AppError('bad-input', `The geotransform ${g.join(', ')} has no inverse`, {
      remedy: 'Give the scene a pixel size that is not zero.',
    });
  }
  return (x, y) => {
    const dx = x - g[0];
    const dy = y - g[3];
    return [(dx * g[5] - dy * g[2]) / determinant, (dy * g[1] - dx * g[4]) / determinant];
  };
}
