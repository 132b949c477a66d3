/** Whether the labels that a model learnt from are still what they were. */
import { createHash } from 'node:crypto';
import type { PixelField } from '../contract/jobs.ts';
import type { MapLayer } from '../contract/run.ts';
import { listFields } from '../store/fields.ts';
import { listModels } from '../store/models.ts';
import { listRuns } from '../store/runs.ts';
import { listScenes } from '../store/scenes.ts';
import { type Context, currentProject, readable } from './context.ts';
import { pixelFields } from './pixels.ts';

/** Another text for other labels: shapes, classes or roles. The order of the fields means nothing. */
export function labelsKey(fields: readonly PixelField[]): string {
  const hash = createHash('sha256');
  for (const { id, classCode, role, polygons } of fields.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    hash.update(`${JSON.stringify([id, classCode, role, polygons])}\n`);
  return hash.digest('hex').slice(0, 16);
}

/**
 * Maps whose model learnt from other labels than there are now count as stale; undoing the change makes them fresh again.
 * Runs of projects that kept no key are believed.
 */
export function markChangedLabels(ctx: Context, maps: MapLayer[]): MapLayer[] {
  if (maps.length === 0) return maps;
  const db = readable(ctx);
  const project = currentProject(ctx);
  const models = new Map(listModels(db).map((model) => [model.id, model]));
  const runs = new Map(listRuns(db, { kind: 'train' }).map((run) => [run.id, run]));
  const fields = listFields(db).filter((field) => field.role !== 'accuracy');
  const keys = new Map<string, string>();
  const keyOf = (id: string): string | undefined => {
    const scene = listScenes(db).find((each) => each.id === id);
    if (scene && !keys.has(id)) keys.set(id, labelsKey(pixelFields(project, fields, scene)));
    return keys.get(id);
  };
  return maps.map((map) => {
    const model = models.get(map.model);
    const learnt = model && runs.get(model.run)?.params.labels;
    const stale = map.stale || (typeof learnt === 'string' && keyOf(model?.scene ?? '') !== learnt);
    return stale === map.stale ? map : { ...map, stale };
  });
}
