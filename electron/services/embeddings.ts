/** What an encoder sees: made by a run, kept in the project's cache, served as tiles. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import type { EmbedParams, EmbedResult } from '../contract/embedding.ts';
import { featureFiles } from '../contract/jobs.ts';
import type { Run } from '../contract/run.ts';
import { openRaster } from '../raster/open.ts';
import { readTile } from '../raster/readTile.ts';
import type { RasterReader } from '../raster/types.ts';
import { listFields } from '../store/fields.ts';
import { getScene, listScenes } from '../store/scenes.ts';
import { type Context, currentProject, newId, readable, requireOpened } from './context.ts';
import { featuresFolder, sceneKey, trimFeatures } from './featureCache.ts';
import { launch } from './launch.ts';
import { geotransformIn, pixelFields } from './pixels.ts';
import { encoderFileOf } from './pretrain.ts';
import { get as getRun } from './runs.ts';
import { sourceOf } from './sceneFiles.ts';
import { placeTile } from './tiles.ts';

/** Queues the look through an encoder. Errors: `not-found` without a scene or for an encoder that is not there. */
export function create(ctx: Context, params: EmbedParams): Run {
  const db = readable(ctx);
  const project = currentProject(ctx);
  const scene = params.scene === undefined ? listScenes(db)[0] : getScene(db, params.scene);
  if (!scene) throw new AppError('not-found', 'The project has no scene', { remedy: 'Add a scene first.' });
  const encoderFile = params.encoder === 'none' ? null : encoderFileOf(ctx, params.encoder);
  const fields = pixelFields(project, listFields(db), scene);
  const source = sourceOf(project.path, scene);
  const id = newId(ctx, 'embed');
  const out = featuresFolder(project.path, id);
  mkdirSync(out, { recursive: true });
  return launch(ctx, {
    id,
    kind: 'embed',
    method: null,
    params: { ...params, scene: scene.id, sceneKey: sceneKey(scene) },
    seed: params.seed,
    lane: 'heavy',
    job: () => ({ kind: 'embed', params, source, encoderFile, fields, out }),
    record: () => trimFeatures(project.path, id),
    failed: () => rmSync(out, { recursive: true, force: true }),
  });
}

/** Axes that likeness is measured along; the later ones hold little but noise. */
const comparedAxes = 16;

export type EmbeddingView = 'colours' | 'clusters' | 'similarity';

/**
 * A tile of a view. Colours: red, green, blue and alpha of each pixel. Clusters: codes, 0 = nothing. Similarity: to the
 * pixel at (col, row), 1…101 for a cosine of 0 or less to 1, 0 = nothing.
 * Errors: `not-found` for a run that made no embedding; `usage` for a pixel outside.
 */
export async function embeddingTile(
  ctx: Context,
  id: string,
  view: EmbeddingView,
  place: readonly string[],
  pixel: { readonly col: number; readonly row: number } | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const { path, readers } = requireOpened(ctx);
  const name = view === 'clusters' ? featureFiles.clusters : featureFiles.embedding;
  const run = getRun(ctx, id);
  const file = join(featuresFolder(path, run.id), name);
  if (!existsSync(file)) {
    throw new AppError('not-found', `Run ${id} holds no embedding`, {
      subject: id,
      remedy: 'Look through an encoder first (swath embed).',
    });
  }
  const open = () => openRaster(file, { cacheBytes: 32 * 2 ** 20 });
  return readers.use(`embedding/${id}/${name}`, open, async (reader) => {
    const tile = placeTile(place, reader.info, geotransformIn(currentProject(ctx), reader.info));
    const all = reader.info.bands.map((band) => band.index).slice(0, comparedAxes);
    const wanted = view === 'colours' ? [1, 2, 3].map((band) => Math.min(band, all.length)) : all;
    const distinct = [...new Set(wanted)];
    const { bands, valid } = await readTile(
      reader,
      tile,
      distinct,
      view === 'clusters' ? 'nearest' : 'average',
    );
    if (view === 'clusters') return Uint8Array.from(valid, (v, i) => (v ? (bands[0]?.[i] ?? 0) : 0));
    if (view === 'colours') {
      const columns = wanted.map((band) => bands[distinct.indexOf(band)]);
      const out = new Uint8Array(4 * valid.length);
      valid.forEach((v, i) => {
        if (v) out.set([...columns.map((band) => band?.[i] ?? 0), 255], 4 * i);
      });
      return out;
    }
    const { variance } = run.result as unknown as EmbedResult;
    return similarity(bands, valid, await valuesAt(reader, pixel), variance);
  });
}

async function valuesAt(
  reader: RasterReader,
  pixel: { readonly col: number; readonly row: number } | null,
): Promise<number[]> {
  const { width, height } = reader.info;
  const inside = pixel && pixel.col >= 0 && pixel.row >= 0 && pixel.col < width && pixel.row < height;
  if (!pixel || !inside || !Number.isInteger(pixel.col) || !Number.isInteger(pixel.row)) {
    throw new AppError('usage', 'The pixel to compare with lies outside of the scene', {
      subject: 'col, row',
      remedy: `Give whole numbers below ${width} and ${height}.`,
    });
  }
  const { bands } = await reader.readWindow({ ...pixel, width: 1, height: 1 });
  return bands.slice(0, comparedAxes).map((band) => (band[0] ?? 128) - 128);
}

function similarity(
  bands: readonly ArrayLike<number>[],
  valid: Uint8Array,
  own: readonly number[],
  variance: readonly number[],
): Uint8Array<ArrayBuffer> {
  // Bytes are stretched to the same deviation on every axis: each counts by the variance that it had.
  const weight = own.map((_, k) => variance[k] ?? 0);
  const length = Math.sqrt(own.reduce((sum, value, k) => sum + (weight[k] ?? 0) * value * value, 0));
  return Uint8Array.from(valid, (v, i) => {
    if (!v) return 0;
    let dot = 0;
    let squares = 0;
    for (const [k, value] of own.entries()) {
      const other = (bands[k]?.[i] ?? 128) - 128;
      dot += (weight[k] ?? 0) * value * other;
      squares += (weight[k] ?? 0) * other * other;
    }
    const cosine = dot / Math.max(1e-9, length * Math.sqrt(squares));
    return 1 + Math.round(100 * Math.max(0, Math.min(1, cosine)));
  });
}
