import { mkdirSync, rmSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fromSystemError } from '../base/errors.ts';
import { type MapJob, runFiles } from '../contract/jobs.ts';
import type { MapParams, Params } from '../contract/methods.ts';
import type { MapLayer, MapResult, Run } from '../contract/run.ts';
import { listClasses } from '../store/classes.ts';
import { writeGeoPackage } from '../store/exportLayer.ts';
import { listFields } from '../store/fields.ts';
import { addMap, getMap, listMaps, removeMap } from '../store/maps.ts';
import { getModel } from '../store/models.ts';
import { readProject } from '../store/project.ts';
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
import { markChangedLabels } from './labelsKey.ts';
import { launch, runFolder } from './launch.ts';
import { mapFieldsLayer } from './mapFields.ts';
import { fromStored, toStored } from './opened.ts';
import { checkOutput } from './outputs.ts';
import { geotransformIn, liesIn, shapesIn, toPixelPolygons } from './pixels.ts';
import { sourceOf } from './sceneFiles.ts';

/** Maps with the paths where their files are now: a project may have moved. */
export function list(ctx: Context): MapLayer[] {
  const { path } = requireOpened(ctx);
  const maps = listMaps(readable(ctx)).map((map) => withPaths(path, map, fromStored));
  return markChangedLabels(ctx, maps);
}

export function get(ctx: Context, id: string): MapLayer {
  return withPaths(requireOpened(ctx).path, getMap(readable(ctx), id), fromStored);
}

function withPaths(project: string, map: MapLayer, way: typeof fromStored): MapLayer {
  const { out, confidence, layers, fieldsFile } = map.result;
  return {
    ...map,
    result: {
      ...map.result,
      out: way(project, out),
      confidence: confidence && way(project, confidence),
      layers: (layers ?? []).map(({ kind, file }) => ({ kind, file: way(project, file) })),
      fieldsFile: fieldsFile ? way(project, fieldsFile) : null,
    },
  };
}

/** Every file that belongs to a map. */
function filesOf({ out, confidence, layers, fieldsFile }: MapResult): string[] {
  return [out, confidence, ...(layers ?? []).map(({ file }) => file), fieldsFile ?? null].filter(
    (file) => file !== null,
  );
}

/** Queues a map. The output is the project's own `maps/` unless a path is given. */
export function create(ctx: Context, params: MapParams): Run {
  const db = writable(ctx);
  const project = currentProject(ctx);
  const model = getModel(db, params.model);
  const scene = getScene(db, params.scene ?? model.scene);
  const id = newId(ctx, 'map');
  const { out, confidence, layers, sieved, fieldsFile } = outputsOf(ctx, params, id);
  const fields = listFields(db).filter((field) => liesIn(project, field, scene));
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
    outputs: [out, confidence, sieved?.file ?? null, ...layers.map(({ file }) => file)].filter(
      (file) => file !== null,
    ),
    job: () => ({
      kind: 'map',
      params,
      map: id,
      source,
      modelFile: join(runFolder(project.path, model.run), runFiles.model),
      region: polygons,
      out,
      confidence,
      layers,
      sieved,
      fields: fieldsFile === null ? null : { shapes: shapesIn(project, fields, scene), file: fieldsFile },
      classes,
      unfinished: join(project.path, 'cache', 'unfinished-maps'),
    }),
    record: (tx, answer) => {
      const result = answer as MapResult;
      if (fieldsFile !== null) {
        const layer = mapFieldsLayer(fields, result.fields ?? [], classes);
        writeGeoPackage(fieldsFile, [layer], { crs: readProject(tx).crs ?? null, clock: ctx.clock });
      }
      // The file was written over: the map that it held is gone.
      for (const old of list(ctx)) if (old.result.out === out) removeMap(tx, old.id);
      const map: MapLayer = {
        id,
        model: model.id,
        scene: scene.id,
        result,
        stale: false,
        created: now(ctx),
      };
      addMap(tx, withPaths(project.path, map, toStored));
      void requireOpened(ctx).readers.drop(`map/${id}/`);
    },
  });
}

interface Outputs extends Pick<MapJob, 'out' | 'confidence' | 'layers' | 'sieved'> {
  readonly fieldsFile: string | null;
}

/** Layers lie beside the map and are named after it; where no path is given, all lie in the project's `maps/`. */
function outputsOf(ctx: Context, params: MapParams, id: string): Outputs {
  const own = list(ctx).flatMap(({ result }) => filesOf(result));
  const check = (path: string, extensions = ['.tif', '.tiff']) =>
    checkOutput(path, extensions, (file) => own.includes(file));
  const folder = join(requireOpened(ctx).path, 'maps');
  if (params.out === undefined) {
    try {
      mkdirSync(folder, { recursive: true });
    } catch (error) {
      throw fromSystemError(error, folder) ?? error;
    }
  }
  const out = check(params.out ?? join(folder, `${id}.tif`));
  const beside = (what: string) => `${out.slice(0, -extname(out).length)}-${what}`;
  const confidence = params.confidence ?? (params.out === undefined ? beside('confidence.tif') : undefined);
  return {
    out,
    confidence: confidence === undefined ? null : check(confidence),
    layers: [...new Set(params.layers)].map((kind) => ({ kind, file: check(beside(`${kind}.tif`)) })),
    sieved: params.sieve === undefined ? null : { file: check(beside('sieved.tif')), least: params.sieve },
    fieldsFile: params.fields ? check(beside('fields.gpkg'), ['.gpkg']) : null,
  };
}

/** Forgets a map; its files go with it only from the project's own folder, never from where the user put them. */
export async function remove(ctx: Context, params: Params<'maps.remove'>): Promise<null> {
  const { path, readers } = requireOpened(ctx);
  const { result } = get(ctx, params.map);
  removeMap(writable(ctx), params.map);
  await readers.drop(`map/${params.map}/`);
  for (const file of filesOf(result)) {
    if (dirname(file) !== join(path, 'maps')) continue;
    const stem = file.slice(0, -extname(file).length);
    for (const sidecar of [file, `${file}.aux.xml`, `${stem}.qml`, `${stem}.sld`])
      rmSync(sidecar, { force: true });
  }
  changed(ctx, 'maps', 'assessments');
  return null;
}
