/** A file of labels, vector or raster, as features in the coordinates of the project. */
import { basename, extname, resolve } from 'node:path';
import { AppError } from '../base/errors.ts';
import type { CrsRef, Extent } from '../contract/geometry.ts';
import type { Scene } from '../contract/scene.ts';
import { crsName, proj4For } from '../raster/crs.ts';
import { wktOf } from '../raster/wkt.ts';
import { readGeoPackage } from '../store/readGeoPackage.ts';
import { getScene, listScenes } from '../store/scenes.ts';
import { boundsOf, mapPositions, overlaps } from '../vector/geometry.ts';
import { type Geotransform, localPixels, mapToPixels, pixelsToMap } from '../vector/geotransform.ts';
import { readVector } from '../vector/readVector.ts';
import { reproject, transformBetween } from '../vector/reproject.ts';
import type { Feature, Transform, VectorCrs, VectorLayer } from '../vector/types.ts';
import { type Context, currentProject, readable } from './context.ts';
import { crsTitle } from './describeScene.ts';
import { readLabelRaster } from './labelRaster.ts';
import { geotransformIn, isLocal } from './pixels.ts';

export interface LabelFile {
  readonly file: string;
  readonly kind: 'vector' | 'raster';
  /** Coordinates as in the file; for a raster without georeference already in those of the project. */
  readonly layer: VectorLayer;
  readonly inProject: boolean;
  /** What its values are called, where a raster says so. */
  readonly names?: ReadonlyMap<string, string>;
}

/** Errors: `not-found`, `bad-input` and `unsupported` of the readers; `mismatch` for a raster that fits no scene. */
export async function readLabels(
  ctx: Context,
  path: string,
  sceneId: string | undefined,
  layer?: string,
): Promise<LabelFile> {
  const file = resolve(path);
  switch (extname(file).toLowerCase()) {
    case '.tif':
    case '.tiff': {
      const raster = await readLabelRaster(ctx, file);
      const placed = raster.crs ? null : gridOfScene(ctx, raster, sceneId, file);
      const transform = pixelsToMap(placed ?? raster.geotransform ?? localPixels);
      const features = raster.features.map((feature) => ({
        ...feature,
        geometry: feature.geometry && mapPositions(feature.geometry, transform),
      }));
      const wkt = raster.crs && wktOf(raster.crs);
      const crs: VectorCrs = { epsg: raster.crs?.epsg ?? null, wkt, proj4: null };
      const name = basename(file, extname(file));
      const fields = [{ name: 'value', type: 'integer' as const }];
      return {
        file,
        kind: 'raster',
        layer: { name, layers: [name], fields, features, crs },
        inProject: placed !== null,
        ...(raster.names.size > 0 ? { names: raster.names } : {}),
      };
    }
    case '.gpkg':
      return { file, kind: 'vector', layer: readGeoPackage(file, layer), inProject: false };
    default:
      return { file, kind: 'vector', layer: await readVector(file), inProject: false };
  }
}

/** Where the pixels of a raster without coordinates are: on the grid of a scene of its size. */
function gridOfScene(
  ctx: Context,
  raster: { readonly width: number; readonly height: number },
  sceneId: string | undefined,
  file: string,
): Geotransform {
  const scenes = sceneId === undefined ? listScenes(readable(ctx)) : [getScene(readable(ctx), sceneId)];
  const fitting = scenes.filter((s) => s.width === raster.width && s.height === raster.height);
  const [scene] = fitting;
  if (scene && fitting.length === 1) return geotransformIn(currentProject(ctx), scene);
  const size = `${raster.width} × ${raster.height}`;
  const sizes = scenes.map((s) => `${s.id} (${s.width} × ${s.height})`).join(', ');
  throw new AppError(
    'mismatch',
    fitting.length > 1
      ? `${file} has no coordinates, and ${fitting.length} scenes have its size of ${size} pixels`
      : `${file} has no coordinates and ${size} pixels, which is the size of no scene`,
    {
      subject: file,
      remedy:
        fitting.length > 1
          ? `Name the scene: ${fitting.map((s) => s.id).join(', ')}.`
          : `Give a raster on the grid of a scene: ${sizes || 'none yet, add one first'}.`,
    },
  );
}

/** The features in the project's coordinates. Errors: `mismatch` when they cannot be brought there. */
export function inProject(ctx: Context, labels: LabelFile, sceneId: string | undefined): Feature[] {
  const { layer, file } = labels;
  if (labels.inProject) return [...layer.features];
  const project = currentProject(ctx);
  const scenes = listScenes(readable(ctx));
  if (project.crs === undefined) {
    throw new AppError('not-found', 'The project has no scene yet, so labels have no place', {
      subject: file,
      remedy: 'Add a scene first.',
    });
  }
  if (isLocal(project)) return reproject(layer.features, toLocal(layer, scenes, sceneId, file));
  if (project.crs && isSameCrs(layer.crs, project.crs)) return [...layer.features];
  const from = layer.crs.proj4 ?? (layer.crs.epsg === null ? layer.crs.wkt : proj4For(layer.crs.epsg));
  if (from === null) {
    // The file says nothing: believed to be in the project's CRS when it then meets a scene.
    if (
      meets(
        layer,
        scenes.map((scene) => scene.extent),
      )
    )
      return [...layer.features];
    throw new AppError(
      'mismatch',
      `${file} does not say its CRS, and read in that of the project it meets no scene`,
      {
        subject: file,
        remedy: 'Save it with a CRS (GeoPackage keeps it).',
      },
    );
  }
  if (!project.crs || (project.crs.epsg === null && project.crs.wkt === null)) {
    throw new AppError('mismatch', `${file} cannot be brought to the project's CRS, which has no EPSG code`, {
      subject: file,
      remedy: 'Reproject the scene to a CRS with a code (gdalwarp -t_srs).',
    });
  }
  const to = project.crs.epsg === null ? (project.crs.wkt ?? '') : proj4For(project.crs.epsg);
  return reproject(layer.features, transformBetween(from, to));
}

/** In a project without a CRS: pixels as they are, or coordinates that a scene's own geotransform leads to pixels. */
function toLocal(
  layer: VectorLayer,
  scenes: readonly Scene[],
  sceneId: string | undefined,
  file: string,
): Transform {
  const candidates = sceneId === undefined ? scenes : scenes.filter((scene) => scene.id === sceneId);
  const local = candidates.map((scene): Extent => [0, -scene.height, scene.width, 0]);
  if (meets(layer, local) || layer.features.length === 0) return (x, y) => [x, y];
  for (const scene of candidates) {
    if (!scene.geotransform) continue;
    const [a = 0, b = 1, c = 0, d = 0, e = 0, f = -1] = scene.geotransform;
    const toPixels = mapToPixels([a, b, c, d, e, f]);
    const transform: Transform = (x, y) => {
      const [col, row] = toPixels(x, y);
      return [col, -row];
    };
    const moved = { ...layer, features: reproject(layer.features, transform) };
    if (meets(moved, [[0, -scene.height, scene.width, 0]])) return transform;
  }
  const stated = layer.crs.epsg === null ? 'coordinates' : `coordinates in ${crsTitleOf(layer.crs.epsg)}`;
  throw new AppError(
    'mismatch',
    `${file} has ${stated} that meet no scene; the project has pixel coordinates`,
    {
      subject: file,
      remedy:
        'Without a CRS, x is the column and y is minus the row. Or give the scene coordinates and add it again.',
    },
  );
}

const isSameCrs = (a: VectorCrs, b: CrsRef) =>
  a.epsg === b.epsg && (a.epsg !== null || (a.wkt !== null && a.wkt === b.wkt));

const crsTitleOf = (epsg: number) => crsTitle({ epsg, name: crsName(epsg), wkt: null });

function meets(layer: Pick<VectorLayer, 'features'>, extents: readonly Extent[]): boolean {
  return layer.features.some(({ geometry }) => {
    const bounds = geometry && boundsOf(geometry);
    return bounds !== null && extents.some((extent) => overlaps(bounds, extent));
  });
}
