/** Groups of like pixels become labelled fields: the way from what an encoder sees to the first labels. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { featureFiles } from '../contract/jobs.ts';
import type { Field } from '../contract/labels.ts';
import type { Params } from '../contract/methods.ts';
import { openRaster } from '../raster/open.ts';
import { readCodes } from '../raster/readCodes.ts';
import type { RasterReader } from '../raster/types.ts';
import { addFields } from '../store/fields.ts';
import { getScene } from '../store/scenes.ts';
import { mapPositions } from '../vector/geometry.ts';
import { pixelsToMap } from '../vector/geotransform.ts';
import { type PixelPolygon, polygonize } from '../vector/polygonize.ts';
import { act, type Context, currentProject, readable, requireOpened } from './context.ts';
import { featuresFolder } from './featureCache.ts';
import { assertClass } from './fields.ts';

import { geotransformIn, isLocal } from './pixels.ts';
import { get as getRun } from './runs.ts';

/** Side of the square in which the patch at a pixel is traced: larger fields are cut at its edge. */
const patchSide = 1024;
/** All patches of a group are looked for only where the main process is not held up by it. */
const mostPixels = 16 * 2 ** 20;

/**
 * One gesture: the patch at a pixel, or the largest patches of a group, as fields of a class.
 * Errors: not-found for a run without groups or a class that is not there; bad-input where there is no such group.
 */
export async function labelCluster(ctx: Context, params: Params<'embeddings.label'>): Promise<Field[]> {
  assertClass(ctx, params.classCode);
  const run = getRun(ctx, params.run);
  const file = join(featuresFolder(requireOpened(ctx).path, run.id), featureFiles.clusters);
  if (!existsSync(file)) {
    throw new AppError('not-found', `Run ${run.id} holds no groups`, {
      subject: run.id,
      remedy: 'Look through an encoder first.',
    });
  }
  const reader = await openRaster(file);
  try {
    const { at, cluster = 0 } = params;
    const patches = at
      ? await patchAt(reader, at)
      : await patchesOf(reader, cluster, params.least, params.most);
    const [first] = patches;
    if (!first) {
      throw new AppError('bad-input', `Group ${cluster} has no patch of ${params.least} pixels`, {
        subject: run.id,
        remedy: 'Ask for smaller patches, or make fewer groups.',
      });
    }
    const project = currentProject(ctx);
    const scene = getScene(readable(ctx), String(run.params.scene));
    const toMap = pixelsToMap(geotransformIn(project, scene));
    const fields = patches.map(({ geometry }) => ({
      geometry: mapPositions(geometry, toMap),
      classCode: params.classCode,
      role: params.role,
      scene: isLocal(project) ? scene.id : null,
      confidence: null,
      source: `group ${first.value} of ${run.id}`,
    }));
    const what = fields.length === 1 ? '1 patch' : `${fields.length} patches`;
    return act(ctx, `Label ${what} of group ${first.value}`, ['fields'], (tx) =>
      addFields(tx, fields, ctx.clock),
    );
  } finally {
    await reader.dispose();
  }
}

/** The 4-connected patch of one group around a pixel. Errors: bad-input outside of the scene or where nothing is seen. */
async function patchAt(
  reader: RasterReader,
  at: { readonly col: number; readonly row: number },
): Promise<PixelPolygon[]> {
  const { width, height } = reader.info;
  const start = (center: number, length: number) =>
    Math.max(0, Math.min(Math.floor(center - patchSide / 2), length - patchSide));
  const [col, row] = [start(at.col, width), start(at.row, height)];
  const window = {
    col,
    row,
    width: Math.min(patchSide, width - col),
    height: Math.min(patchSide, height - row),
  };
  const inside = at.col >= 0 && at.row >= 0 && at.col < width && at.row < height;
  const { bands, valid } = await reader.readWindow(window, [1]);
  const codes = Int32Array.from(valid, (v, i) => (v ? (bands[0]?.[i] ?? 0) : 0));
  const index = (at.row - row) * window.width + (at.col - col);
  const own = inside ? (codes[index] ?? 0) : 0;
  if (own === 0) {
    throw new AppError('bad-input', `There is no group at column ${at.col}, row ${at.row}`, {
      remedy: 'Point at a pixel of the scene that holds data.',
    });
  }
  const patches = polygonize(
    codes.map((code) => (code === own ? own : 0)),
    window.width,
    window.height,
    0,
  );
  const found = patches.find(({ geometry }) => holds(geometry.coordinates, at.col - col, at.row - row));
  if (!found) return [];
  const shifted = found.geometry.coordinates.map((ring) =>
    ring.map(([x = 0, y = 0]): [number, number] => [x + col, y + row]),
  );
  return [{ ...found, geometry: { type: 'Polygon', coordinates: shifted } }];
}

/** Whether the middle of a pixel lies in rings along pixel edges, by the even-odd rule. */
function holds(rings: PixelPolygon['geometry']['coordinates'], col: number, row: number): boolean {
  const [x, y] = [col + 0.5, row + 0.5];
  let inside = false;
  for (const ring of rings)
    for (let i = 1; i < ring.length; i++) {
      const [ax = 0, ay = 0] = ring[i - 1] ?? [];
      const [bx = 0, by = 0] = ring[i] ?? [];
      // Edges along a row never cross the ray; upright ones have one x.
      if (ax === bx && ax > x && ay > y !== by > y) inside = !inside;
    }
  return inside;
}

/** Errors: unsupported for a scene too large to trace while everything else waits. */
async function patchesOf(
  reader: RasterReader,
  cluster: number,
  least: number,
  most: number,
): Promise<PixelPolygon[]> {
  const { width, height, path } = reader.info;
  if (width * height > mostPixels) {
    throw new AppError(
      'unsupported',
      `The scene has ${width} × ${height} pixels, too many to trace at once`,
      {
        subject: path,
        remedy: 'Point at one patch of the group and label that.',
      },
    );
  }
  const codes = await readCodes(reader);
  for (let i = 0; i < codes.length; i++) if (codes[i] !== cluster) codes[i] = 0;
  return polygonize(codes, width, height, 0)
    .filter(({ pixels }) => pixels >= least)
    .sort((a, b) => b.pixels - a.pixels)
    .slice(0, most);
}
