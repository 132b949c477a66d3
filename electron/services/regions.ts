import { basename } from 'node:path';
import { AppError } from '../base/errors.ts';
import type { Areal } from '../contract/geometry.ts';
import type { Region } from '../contract/labels.ts';
import type { Params } from '../contract/methods.ts';
import { addRegions, changeRegion, removeRegions } from '../store/regions.ts';
import { listScenes } from '../store/scenes.ts';
import { boundsOf, overlaps, rectangle } from '../vector/geometry.ts';
import { repair, repairAreal } from '../vector/repair.ts';
import { act, type Context, currentProject, readable } from './context.ts';
import { inProject, readLabels } from './labelFile.ts';
import { isLocal } from './pixels.ts';

/** Adds one region drawn or stated, or every area of a file. Errors: `bad-input` when there is none. */
export async function add(ctx: Context, params: Params<'regions.add'>): Promise<Region[]> {
  const scene = localScene(ctx, params.scene);
  const geometries = await geometriesOf(ctx, params);
  assertInScene(ctx, geometries, scene);
  const named = geometries.map((geometry, i) => ({
    name: params.name && geometries.length > 1 ? `${params.name} ${i + 1}` : params.name,
    geometry,
    scene,
  }));
  const label = named.length === 1 ? 'Add region' : `Add ${named.length} regions`;
  return act(ctx, label, ['regions'], (tx) => addRegions(tx, named, ctx.clock));
}

/** Errors: `bad-input` for regions of which none meets a scene: a slip in the coordinates, or in their system. */
function assertInScene(ctx: Context, geometries: readonly Areal[], scene: string | null): void {
  const all = listScenes(readable(ctx));
  const scenes = scene === null ? all : all.filter(({ id }) => id === scene);
  const meets = (geometry: Areal) => {
    const bounds = boundsOf(geometry);
    return bounds !== null && scenes.some(({ extent }) => overlaps(bounds, extent));
  };
  if (scenes.length === 0 || geometries.some(meets)) return;
  throw new AppError('bad-input', 'The region lies outside every scene', {
    subject: 'region',
    remedy: `Scenes reach over ${scenes.map(({ id, extent }) => `${id}: ${extent.join(', ')}`).join('; ')}.`,
  });
}

async function geometriesOf(ctx: Context, params: Params<'regions.add'>): Promise<Areal[]> {
  if (params.file !== undefined) {
    const labels = await readLabels(ctx, params.file, params.scene);
    const { features } = repair(inProject(ctx, labels, params.scene));
    const areas = features.flatMap(({ geometry }) => (geometry.type === 'Point' ? [] : [geometry]));
    if (areas.length > 0) return areas;
    throw new AppError('bad-input', `${basename(params.file)} holds no area`, {
      subject: params.file,
      remedy: 'Give a file with polygons.',
    });
  }
  const drawn = params.geometry ?? (params.bbox && rectangle(params.bbox));
  return drawn ? [validAreal(drawn)] : [];
}

/** A geometry that the user drew, valid. Errors: `bad-input` when nothing is left of it. */
export function validAreal(drawn: Areal): Areal {
  const repaired = repairAreal(drawn);
  if ('geometry' in repaired) return repaired.geometry;
  throw new AppError('bad-input', `The shape cannot be used: ${repaired.dropped}`, {
    remedy: 'Draw it again.',
  });
}

/** The scene whose pixels the coordinates count, in a project without a CRS; else null. */
export function localScene(ctx: Context, wanted: string | null | undefined): string | null {
  const project = currentProject(ctx);
  if (project.crs !== undefined && !isLocal(project)) return null;
  const scenes = listScenes(readable(ctx)).map((scene) => scene.id);
  const found = wanted ?? (scenes.length === 1 ? scenes[0] : undefined);
  if (found !== undefined && scenes.includes(found)) return found;
  if (scenes.length === 0) {
    throw new AppError('not-found', 'The project has no scene yet, so coordinates mean nothing', {
      remedy: 'Add a scene first.',
    });
  }
  throw new AppError(
    wanted === undefined || wanted === null ? 'usage' : 'not-found',
    wanted
      ? `There is no scene ${wanted}`
      : 'Without a CRS, coordinates belong to one scene: which one is missing',
    { subject: wanted ?? 'scene', remedy: `Name one of ${scenes.join(', ')}.` },
  );
}

/** Another name or another outline. Errors: `not-found`; `bad-input` when nothing is left of the outline. */
export function change(ctx: Context, params: Params<'regions.change'>): Region {
  const wanted = {
    ...(params.name === undefined ? {} : { name: params.name }),
    ...(params.geometry === undefined ? {} : { geometry: validAreal(params.geometry) }),
  };
  return act(ctx, params.geometry ? 'Change region' : 'Rename region', ['regions'], (tx) =>
    changeRegion(tx, params.region, wanted),
  );
}

export function remove(ctx: Context, params: Params<'regions.remove'>): null {
  const label = params.regions.length === 1 ? 'Remove region' : `Remove ${params.regions.length} regions`;
  act(ctx, label, ['regions'], (tx) => removeRegions(tx, params.regions));
  return null;
}
