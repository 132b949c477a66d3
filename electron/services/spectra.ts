/** What classes look like: mean and deviation of every band over pixels of their labelled fields. */

import type { PixelPolygons } from '../contract/jobs.ts';
import type { Params } from '../contract/methods.ts';
import type { ClassSpectrum, Scene } from '../contract/scene.ts';
import type { RasterReader } from '../raster/types.ts';
import { listFields } from '../store/fields.ts';
import { getScene } from '../store/scenes.ts';
import { boundsOf } from '../vector/geometry.ts';
import { rasterize } from '../vector/rasterize.ts';
import { type Context, currentProject, readable } from './context.ts';
import { pixelFields } from './pixels.ts';
import { readScene } from './sceneFiles.ts';

/** Enough for a curve with its spread; more would only take longer. */
const fieldsPerClass = 24;
/** A larger field is read on a coarser grid of nearest pixels. */
const side = 48;

/** Classes without a labelled field in the scene are left out. */
export async function classSpectra(ctx: Context, params: Params<'scenes.spectra'>): Promise<ClassSpectrum[]> {
  const scene = getScene(readable(ctx), params.scene);
  const fields = pixelFields(currentProject(ctx), listFields(readable(ctx)), scene);
  const codes = [...new Set(fields.map((field) => field.classCode))].sort((a, b) => a - b);
  return readScene(ctx, scene, async (reader) => {
    const found: ClassSpectrum[] = [];
    for (const code of codes) {
      const own = fields.filter((field) => field.classCode === code);
      const step = Math.max(1, own.length / fieldsPerClass);
      const chosen = own.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
      const sums = scene.bands.map(() => ({ n: 0, sum: 0, squares: 0 }));
      let pixels = 0;
      for (const { polygons } of chosen) pixels += await addField(reader, scene, polygons, sums);
      if (pixels === 0) continue;
      found.push({
        code,
        fields: chosen.length,
        pixels,
        mean: sums.map(({ n, sum }) => (n > 0 ? sum / n : null)),
        std: sums.map(({ n, sum, squares }) =>
          n > 0 ? Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2)) : null,
        ),
      });
    }
    return found;
  });
}

interface Sum {
  n: number;
  sum: number;
  squares: number;
}

/** Adds the pixels whose centre a field holds; answers how many. */
async function addField(
  reader: RasterReader,
  scene: Pick<Scene, 'width' | 'height' | 'bands'>,
  polygons: PixelPolygons,
  sums: Sum[],
): Promise<number> {
  const shape = polygons.map((polygon) => polygon.map((ring) => ring.map((position) => [...position])));
  const bounds = boundsOf({ type: 'MultiPolygon', coordinates: shape });
  if (!bounds) return 0;
  const [col, row] = [Math.max(0, Math.floor(bounds[0])), Math.max(0, Math.floor(bounds[1]))];
  const width = Math.min(scene.width, Math.ceil(bounds[2])) - col;
  const height = Math.min(scene.height, Math.ceil(bounds[3])) - row;
  if (width <= 0 || height <= 0) return 0;
  const [columns, rows] = [Math.min(side, width), Math.min(side, height)];
  const onGrid = shape.map((polygon) =>
    polygon.map((ring) =>
      ring.map(([x = 0, y = 0]) => [((x - col) * columns) / width, ((y - row) * rows) / height]),
    ),
  );
  const mask = rasterize([{ geometry: { type: 'MultiPolygon', coordinates: onGrid }, id: 1 }], columns, rows);
  const window = { col, row, width, height };
  const { bands, valid } = await reader.readResampled(window, columns, rows, undefined, 'nearest');
  let pixels = 0;
  for (let i = 0; i < mask.length; i += 1) {
    if (!mask[i] || !valid[i]) continue;
    pixels += 1;
    for (const [b, sum] of sums.entries()) {
      const value = bands[b]?.[i] ?? 0;
      sum.n += 1;
      sum.sum += value;
      sum.squares += value * value;
    }
  }
  return pixels;
}
