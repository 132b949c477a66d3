import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VectoriseResult } from '../contract/jobs.ts';
import { openRaster } from '../raster/open.ts';
import { readCodes } from '../raster/readCodes.ts';
import type { Crs, Geotransform, RasterReader } from '../raster/types.ts';
import { mapPositions } from '../vector/geometry.ts';
import { localPixels, mapToPixels } from '../vector/geotransform.ts';
import { polygonize } from '../vector/polygonize.ts';
import type { Feature, Geometry } from '../vector/types.ts';
import { type Context, newId } from './context.ts';

/** Pixels up to which tracing takes a moment only; more are traced by a worker, so that the app goes on answering. */
const mostHere = 2 ** 21;

/**
 * Class codes of a GeoTIFF as one polygon per 4-connected component, in pixel coordinates (y = row, downwards); 0 and
 * nodata are no label. `crs` and `geotransform` are null unless both are stated.
 * Errors: those of `openRaster`; bad-input for values that are no codes; unsupported when it is too large.
 */
export async function readLabelRaster(
  ctx: Context,
  file: string,
): Promise<{
  readonly width: number;
  readonly height: number;
  readonly crs: Crs | null;
  readonly geotransform: Geotransform | null;
  readonly features: Feature[];
  /** Value → name, of categories that a sidecar names. */
  readonly names: Map<string, string>;
}> {
  const reader = await openRaster(file);
  try {
    const { width, height, crs, geotransform, bands } = reader.info;
    const categories = bands[0]?.categories ?? [];
    const names = new Map(categories.flatMap((name, code) => (name ? [[String(code), name] as const] : [])));
    const features = width * height > mostHere ? await tracedByWorker(ctx, reader) : await tracedHere(reader);
    const placed = crs !== null && geotransform !== null;
    return {
      ...{ width, height, features, names },
      crs: placed ? crs : null,
      geotransform: placed ? geotransform : null,
    };
  } finally {
    await reader.dispose();
  }
}

async function tracedHere(reader: RasterReader): Promise<Feature[]> {
  const { width, height } = reader.info;
  return polygonize(await readCodes(reader), width, height, 0).map(({ value, geometry }) => ({
    geometry,
    properties: { value },
  }));
}

/** The worker answers in the raster's own coordinates; they are brought back to pixels. */
async function tracedByWorker(ctx: Context, { info }: RasterReader): Promise<Feature[]> {
  const folder = mkdtempSync(join(tmpdir(), 'swath-trace-'));
  try {
    const payload = { kind: 'vectorise', mapFile: info.path };
    const { result } = await ctx.runner.submit({ id: newId(ctx, 'trace'), folder, payload }, 'light');
    const toPixels = mapToPixels(info.geotransform ?? localPixels);
    // Corners of pixels are whole numbers; the way over map coordinates leaves rounding noise.
    const corner = (x: number, y: number): [number, number] => {
      const [col, row] = toPixels(x, y);
      return [Math.round(col), Math.round(row)];
    };
    return readFileSync((result as VectoriseResult).file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Feature => {
        const { code, geometry } = JSON.parse(line) as { code: number; geometry: Geometry };
        return { geometry: mapPositions(geometry, corner), properties: { value: code } };
      });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
