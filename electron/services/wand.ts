/** The magic wand: grows an area from a pixel over neighbours that look like it, in bands or in an encoder's features. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { featureFiles } from '../contract/jobs.ts';
import { type WandArea, type WandParams, wandReach } from '../contract/wand.ts';
import { openRaster } from '../raster/open.ts';
import type { RasterReader, Window } from '../raster/types.ts';
import { getScene } from '../store/scenes.ts';
import { mapPositions } from '../vector/geometry.ts';
import { mapToPixels, pixelsToMap } from '../vector/geotransform.ts';
import { growMask } from '../vector/growMask.ts';
import { polygonize } from '../vector/polygonize.ts';
import { type Context, currentProject, readable, requireOpened } from './context.ts';
import { featuresFolder } from './featureCache.ts';
import { geotransformIn } from './pixels.ts';
import { validAreal } from './regions.ts';
import { readScene } from './sceneFiles.ts';
import { bandDistance, featureDistance } from './wandDistance.ts';

/** Errors: `bad-input` outside the scene, `not-found` for a run without an encoder view of it. */
export async function wand(ctx: Context, params: WandParams): Promise<WandArea> {
  const scene = getScene(readable(ctx), params.scene);
  const transform = geotransformIn(currentProject(ctx), scene);
  const [x, y] = mapToPixels(transform)(params.x, params.y);
  const [col, row] = [Math.floor(x), Math.floor(y)];
  if (col < 0 || row < 0 || col >= scene.width || row >= scene.height) {
    throw new AppError('bad-input', `(${params.x}, ${params.y}) lies outside scene ${scene.name}`, {
      subject: scene.id,
      remedy: 'Click inside the scene.',
    });
  }
  const window = around(col, row, scene.width, scene.height);
  const seed = (row - window.row) * window.width + (col - window.col);
  const grow = async (reader: RasterReader) => {
    const isView = params.embedding !== undefined;
    const pixels = await reader.readWindow(
      window,
      isView || params.bands.length === 0 ? undefined : params.bands,
    );
    if (!pixels.valid[seed]) return null;
    const powers = reader.info.bands.map((band) => roleOf(band.index) === 'power');
    const wanted = params.bands.length > 0 ? params.bands : reader.info.bands.map((band) => band.index);
    const distance = isView
      ? featureDistance(pixels, seed)
      : bandDistance(
          pixels,
          seed,
          wanted.map((band) => powers[band - 1] ?? false),
        );
    return growMask(pixels, seed, (i) => (distance[i] ?? Number.POSITIVE_INFINITY) <= params.tolerance);
  };
  const roleOf = (index: number) => scene.bands.find((band) => band.index === index)?.role ?? null;
  const mask =
    params.embedding === undefined
      ? await readScene(ctx, scene, grow)
      : await readView(ctx, params.embedding, scene, grow);
  const [area] = mask ? polygonize(mask, window.width, window.height, 0) : [];
  if (!area) return { geometry: null, pixels: 0 };
  const toMap = pixelsToMap(transform);
  return {
    geometry: validAreal(mapPositions(area.geometry, (c, r) => toMap(c + window.col, r + window.row))),
    pixels: area.pixels,
  };
}

/** The square of pixels around one, cut off at the edges of the scene. */
function around(col: number, row: number, width: number, height: number): Window {
  const half = wandReach / 2;
  const [left, top] = [Math.max(0, col - half), Math.max(0, row - half)];
  return {
    col: left,
    row: top,
    width: Math.min(width, col + half) - left,
    height: Math.min(height, row + half) - top,
  };
}

/** Reads what an encoder saw in the scene. */
function readView<T>(
  ctx: Context,
  run: string,
  scene: { readonly id: string; readonly width: number; readonly height: number },
  read: (reader: RasterReader) => Promise<T>,
): Promise<T> {
  const { path, readers } = requireOpened(ctx);
  const file = join(featuresFolder(path, run), featureFiles.embedding);
  if (!existsSync(file)) {
    throw new AppError('not-found', `Run ${run} holds no encoder view`, {
      subject: run,
      remedy: 'Look through an encoder first, or use the bands.',
    });
  }
  const open = () => openRaster(file, { cacheBytes: 32 * 2 ** 20 });
  return readers.use(`embedding/${run}/${featureFiles.embedding}`, open, (reader) => {
    if (reader.info.width !== scene.width || reader.info.height !== scene.height) {
      throw new AppError('mismatch', `Run ${run} looked at another scene than ${scene.id}`, { subject: run });
    }
    return read(reader);
  });
}
