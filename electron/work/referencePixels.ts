/** Reference codes on the grid of a map, from a label raster or from fields, a window at a time. */
import { AppError } from '../base/errors.ts';
import type { AssessJob } from '../contract/jobs.ts';
import { invert, toMap } from '../raster/affine.ts';
import { openRaster } from '../raster/open.ts';
import type { Geotransform, RasterInfo, RasterReader, Window } from '../raster/types.ts';
import { intersect, isEmpty } from './blocks.ts';
import { indexFields } from './fieldPixels.ts';

export interface ReferencePixels {
  /** [height · width] class codes of a window of the map; 0 = no statement. */
  read(window: Window): Promise<Uint8Array>;
  /** [height · width] 1 + the index of the field of each pixel, 0 in none; null for a raster. */
  burn: ((window: Window) => Int32Array) | null;
  dispose(): Promise<void>;
}

/**
 * Values of a raster mean what they meant on import: the class of that name (1200, which no map can hold, became a class
 * called 1200), else the code itself. Errors: mismatch when a raster does not lie on the map, and while reading for a
 * value that is no class; those of `openRaster`.
 */
export async function openReference(
  job: AssessJob['reference'],
  map: RasterInfo,
  classes: AssessJob['classes'],
): Promise<ReferencePixels> {
  if (job.from === 'fields') {
    const { fields } = job;
    const index = indexFields(fields);
    const burn = (window: Window) =>
      index.touches(window) ? index.burn(window) : new Int32Array(window.width * window.height);
    return {
      async read(window) {
        return Uint8Array.from(burn(window), (id) => fields[id - 1]?.classCode ?? 0);
      },
      burn,
      dispose: async () => {},
    };
  }
  const reader = await openRaster(job.file);
  try {
    return rasterReference(reader, map, classes);
  } catch (error) {
    await reader.dispose();
    throw error;
  }
}

function rasterReference(
  reader: RasterReader,
  map: RasterInfo,
  classes: AssessJob['classes'],
): ReferencePixels {
  const byName = new Map(classes.map(({ name, code }) => [name, code]));
  const known = new Map<number, number>();
  const codeOf = (value: number): number => {
    const code = known.get(value) ?? byName.get(String(value)) ?? value;
    if (!Number.isInteger(code) || code < 0 || code > 255) throw noClass(reader.info.path, value, classes);
    known.set(value, code);
    return code;
  };
  const toReference = gridToGrid(map, reader.info);
  return {
    async read(window) {
      const out = new Uint8Array(window.width * window.height);
      const [left, top] = toReference(window.col + 0.5, window.row + 0.5);
      const [right, bottom] = toReference(window.col + window.width - 0.5, window.row + window.height - 0.5);
      const cover: Window = {
        col: Math.floor(Math.min(left, right)),
        row: Math.floor(Math.min(top, bottom)),
        width: Math.floor(Math.max(left, right)) - Math.floor(Math.min(left, right)) + 1,
        height: Math.floor(Math.max(top, bottom)) - Math.floor(Math.min(top, bottom)) + 1,
      };
      const inside = intersect(cover, {
        col: 0,
        row: 0,
        width: reader.info.width,
        height: reader.info.height,
      });
      if (isEmpty(inside)) return out;
      const { bands, valid } = await reader.readWindow(inside, [1]);
      const codes = bands[0] ?? [];
      for (let y = 0; y < window.height; y++) {
        for (let x = 0; x < window.width; x++) {
          const [refCol, refRow] = toReference(window.col + x + 0.5, window.row + y + 0.5);
          const col = Math.floor(refCol) - inside.col;
          const row = Math.floor(refRow) - inside.row;
          if (col < 0 || row < 0 || col >= inside.width || row >= inside.height) continue;
          const i = row * inside.width + col;
          if (valid[i]) out[y * window.width + x] = codeOf(codes[i] ?? 0);
        }
      }
      return out;
    },
    burn: null,
    dispose: () => reader.dispose(),
  };
}

type PixelMapping = (col: number, row: number) => readonly [number, number];

/** From pixel positions of the map to those of the reference. Errors: mismatch. */
function gridToGrid(map: RasterInfo, reference: RasterInfo): PixelMapping {
  const [from, to] = [map.geotransform, reference.geotransform];
  if (!from || !to) {
    // A raster without coordinates is taken for pixels of the grid that has its size, as on import.
    if (map.width === reference.width && map.height === reference.height) return (col, row) => [col, row];
    throw mismatch(
      map,
      reference,
      from === to
        ? `the map has ${map.width} × ${map.height} pixels, the reference ${reference.width} × ${reference.height}, and neither is georeferenced`
        : `${from ? 'the reference' : 'the map'} is not georeferenced, the other is`,
    );
  }
  const [a, b] = [map.crs?.epsg ?? null, reference.crs?.epsg ?? null];
  if (a !== b && a !== null && b !== null)
    throw mismatch(map, reference, `the map is in EPSG:${a}, the reference in EPSG:${b}`);
  if (from.every((value, i) => value === to[i])) return (col, row) => [col, row];
  const mapping = compose(from, invert(to));
  if (mapping[2] !== 0 || mapping[4] !== 0)
    throw mismatch(map, reference, 'one of the two grids is rotated against the other');
  const overlap = intersect(
    { col: 0, row: 0, width: reference.width, height: reference.height },
    spanned(mapping, map),
  );
  if (isEmpty(overlap)) throw mismatch(map, reference, 'they do not overlap');
  return (col, row) => [mapping[0] + col * mapping[1], mapping[3] + row * mapping[5]];
}

function compose(first: Geotransform, second: Geotransform): Geotransform {
  const at = (col: number, row: number) => toMap(second, ...toMap(first, col, row));
  const [origin, right, down] = [at(0, 0), at(1, 0), at(0, 1)];
  // Rounding leaves 1e-12 where the grids are parallel.
  const clean = (value: number) => (Math.abs(value) < 1e-9 ? 0 : value);
  return [
    origin[0],
    right[0] - origin[0],
    clean(down[0] - origin[0]),
    origin[1],
    clean(right[1] - origin[1]),
    down[1] - origin[1],
  ];
}

function spanned(mapping: Geotransform, { width, height }: RasterInfo): Window {
  const xs = [mapping[0], mapping[0] + width * mapping[1]];
  const ys = [mapping[3], mapping[3] + height * mapping[5]];
  const [col, row] = [Math.min(...xs), Math.min(...ys)];
  return { col, row, width: Math.max(...xs) - col, height: Math.max(...ys) - row };
}

function noClass(file: string, value: number, classes: AssessJob['classes']): AppError {
  return new AppError('mismatch', `The reference holds ${value}, which is no class of the project`, {
    subject: file,
    remedy: `Use its codes: ${classes.map(({ code, name }) => `${code} ${name}`).join(', ')}; 0 where nothing is known.`,
  });
}

function mismatch(map: RasterInfo, reference: RasterInfo, found: string): AppError {
  return new AppError('mismatch', `The reference does not lie on the map: ${found}`, {
    subject: reference.path,
    remedy: `Bring the reference to the grid and CRS of ${map.path}, for instance with gdalwarp.`,
  });
}
