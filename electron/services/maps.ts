import { mkdirSync, rmSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fromSystemError } from '../base/errors.ts';
import { runFiles } from '../contract/jobs.ts';
import type { MapParams, Params } from '../contract/methods.ts';
import type { MapLayer, MapResult, Run } from '../contract/run.ts';
import { listClasses } from '../store/classes.ts';
import { addMap, getMap, listMaps, removeMap } from '../store/maps.ts';
import { getModel } from '../store/models.ts';
import { getRegions } from '../store/regions.ts';
import { getScene } from '../store/scenes.ts';
import {
  type Context,
  changed,
  currentProject,
  newId,
  now,
  readable,
  requireOpened,
  writable,
} from './context.ts';
import { launch, runFolder } from './launch.ts';
import { fromStored, toStored } from './opened.ts';
import { checkOutput } from './outputs.ts';
import { geotransformIn, toPixelPolygons } from './pixels.ts';
import { sourceOf } from './sceneFiles.ts';

/** Maps with the paths where their files are now: a project may have moved. */
export function list(ctx: Context): MapLayer[] {
  const { path } = requireOpened(ctx);
  return listMaps(readable(ctx)).map((map) => withPaths(path, map, fromStored));
}

export function get(ctx: Context, id: string): MapLayer {
  return withPaths(requireOpened(ctx).path, getMap(readable(ctx), id), fromStored);
}

function withPaths(project: string, map: MapLayer, way: typeof fromStored): MapLayer {
  const { out, confidence } = map.result;
  return {
    ...map,
    result: { ...map.result, out: way(project, out), confidence: confidence && way(project, confidence) },
  };
}

/** Queues a map. The output is the project's own `maps/` unless a path is given. */
export function create(ctx: Context, params: MapParams): Run {
  const db = writable(ctx);
  const project = currentProject(ctx);
  const model = getModel(db, params.model);
  const scene = getScene(db, params.scene ?? model.scene);
  const id = newId(ctx, 'map');
  const { out, confidence } = outputsOf(ctx, params, id);
  const [region] = params.region === undefined ? [] : getRegions(db, [params.region]);
  const polygons = region ? toPixelPolygons(region.geometry, geotransformIn(project, scene)) : null;
  const source = sourceOf(project.path, scene);
  const classes = listClasses(db);
  return launch(ctx, {
    kind: 'map',
    method: null,
    params: { ...params, scene: scene.id, out, confidence },
    seed: null,
    lane: 'heavy',
    outputs: confidence === null ? [out] : [out, confidence],
    job: () => ({
      kind: 'map',
      params,
      map: id,
      source,
      modelFile: join(runFolder(project.path, model.run), runFiles.model),
      region: polygons,
      out,
      confidence,
      classes,
    }),
    record: (tx, result) => {
      // The file was written over: the map that it held is gone.
      for (const old of list(ctx)) if (old.result.out === out) removeMap(tx, old.id);
      const map: MapLayer = {
        id,
        model: model.id,
        scene: scene.id,
        result: result as MapResult,
        stale: false,
        created: now(ctx),
      };
      addMap(tx, withPaths(project.path, map, toStored));
      void requireOpened(ctx).readers.drop(`map/${id}/`);
    },
  });
}

function outputsOf(ctx: Context, params: MapParams, id: string): { out: string; confidence: string | null } {
  const own = list(ctx).flatMap(({ result }) => [result.out, result.confidence]);
  const check = (path: string) => checkOutput(path, ['.tif', '.tiff'], (file) => own.includes(file));
  if (params.out !== undefined) {
    return {
      out: check(params.out),
      confidence: params.confidence === undefined ? null : check(params.confidence),
    };
  }
  const folder = join(requireOpened(ctx).path, 'maps');
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw fromSystemError(error, folder) ?? error;
  }
  const confidence = params.confidence ?? join(folder, `${id}-confidence.tif`);
  return { out: check(join(folder, `${id}.tif`)), confidence: check(confidence) };
}

/** Forgets a map; its files go with it only from the project's own folder, never from where the user put them. */
export async function remove(ctx: Context, params: Params<'maps.remove'>): Promise<null> {
  const { path, readers } = requireOpened(ctx);
  const { result } = get(ctx, params.map);
  removeMap(writable(ctx), params.map);
  await readers.drop(`map/${params.map}/`);
  for (const file of [result.out, result.confidence]) {
    if (file === null || dirname(file) !== join(path, 'maps')) continue;
    const stem = file.slice(0, -extname(file).length);
    for (const sidecar of [file, `${file}.aux.xml`, `${stem}.qml`]) rmSync(sidecar, { force: true });
  }
  changed(ctx, 'maps', 'assessments');
  return null;
}
