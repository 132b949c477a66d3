import { basename } from 'node:path';
import { AppError } from '../base/errors.ts';
import type { LabelImport, LabelPreview, NewField } from '../contract/labels.ts';
import type { Params } from '../contract/methods.ts';
import { listClasses, saveClasses } from '../store/classes.ts';
import { addFields, type FieldSource } from '../store/fields.ts';
import { getScene, listScenes } from '../store/scenes.ts';
import { boundsOf, overlaps } from '../vector/geometry.ts';
import { repair, type Tally } from '../vector/repair.ts';
import type { VectorLayer } from '../vector/types.ts';
import { codeClasses, namesOfCodes, wordOf } from './classCodes.ts';
import { act, type Context, readable, writable } from './context.ts';
import { inProject, type LabelFile, readLabels } from './labelFile.ts';
import { localScene } from './regions.ts';

/** Distinct values of a column that a preview lists. */
const listed = 50;

export async function preview(ctx: Context, params: Params<'labels.preview'>): Promise<LabelPreview> {
  const { file, kind, layer } = await readLabels(ctx, params.file, undefined, params.layer);
  return {
    file,
    kind,
    layers: layer.layers,
    crs: layer.crs.epsg ?? layer.crs.wkt,
    count: layer.features.length,
    fields: layer.fields.map(({ name, type }) => {
      const counts = new Map<string, number>();
      for (const { properties } of layer.features) {
        const word = wordOf(properties[name]);
        if (word !== null) counts.set(word, (counts.get(word) ?? 0) + 1);
      }
      const values = [...counts]
        .map(([value, count]) => ({ value, count }))
        .sort((a, b) => b.count - a.count);
      return { name, type, values: values.slice(0, listed), more: Math.max(0, values.length - listed) };
    }),
  };
}

/** One gesture: classes that were missing and all fields of the file. Errors name the file, and the columns it has. */
export async function importLabels(ctx: Context, params: Params<'labels.import'>): Promise<LabelImport> {
  writable(ctx);
  // Labels with coordinates need no scene, but a name that is wrong is a mistake all the same.
  if (params.scene !== undefined) getScene(readable(ctx), params.scene);
  const labels = await readLabels(ctx, params.file, params.scene, params.layer);
  const column = params.classField;
  if (column !== undefined) assertColumn(labels, column);
  const { features, repaired, dropped } = repair(inProject(ctx, labels, params.scene));
  const classes = listClasses(readable(ctx));
  const coding =
    column === undefined
      ? boundaries
      : codeClasses(
          features.map((feature) => feature.properties[column]),
          classes,
          params.mapping,
          labels.names ?? namesOfCodes(labels.layer, column),
        );
  const scene = localScene(ctx, params.scene ?? sceneOf(ctx, labels));
  const reasons = new Map<string, number>(dropped.map(({ reason, count }) => [reason, count]));
  const fields: (NewField & FieldSource)[] = [];
  for (const { geometry, properties } of features) {
    const coded = coding.codeOf(column === undefined ? undefined : properties[column]);
    const reason =
      geometry.type === 'Point'
        ? 'a point, where an area is needed'
        : 'reason' in coded
          ? coded.reason
          : null;
    if (reason !== null || geometry.type === 'Point' || 'reason' in coded) {
      const why = reason ?? 'not usable';
      reasons.set(why, (reasons.get(why) ?? 0) + 1);
      continue;
    }
    fields.push({
      geometry,
      classCode: coded.code,
      role: params.role,
      scene,
      confidence: null,
      source: basename(labels.file),
    });
  }
  if (fields.length === 0) throw nothingLeft(labels, reasons);
  act(ctx, `Import ${fields.length} fields of ${basename(labels.file)}`, ['classes', 'fields'], (tx) => {
    saveClasses(tx, coding.fresh);
    addFields(tx, fields, ctx.clock);
  });
  return {
    layer: labels.layer.name,
    count: fields.length,
    classes: listClasses(readable(ctx)).flatMap(({ code, name }) => {
      const count = fields.filter((field) => field.classCode === code).length;
      return count > 0 ? [{ code, name, count }] : [];
    }),
    outside: countOutside(ctx, fields),
    repaired,
    dropped: [...reasons].map(([reason, count]): Tally => ({ reason, count })),
  };
}

/** Outlines without a class. */
const boundaries = { fresh: [], codeOf: () => ({ code: null }) } as const;

/** The scene on whose grid a raster without coordinates lies. */
function sceneOf(ctx: Context, labels: LabelFile): string | undefined {
  if (labels.kind === 'vector') return undefined;
  const bounds = labels.layer.features.flatMap(({ geometry }) => (geometry ? [boundsOf(geometry)] : []));
  const fitting = listScenes(readable(ctx)).filter((scene) =>
    bounds.every((b) => b === null || (b[0] >= scene.extent[0] && b[1] >= scene.extent[1])),
  );
  return fitting.length === 1 ? fitting[0]?.id : undefined;
}

export function assertColumn(
  { file, layer }: { readonly file: string; readonly layer: VectorLayer },
  column: string,
): void {
  if (layer.fields.some(({ name }) => name === column)) return;
  const names = layer.fields.map(({ name }) => name);
  const close = names.find((name) => name.toLowerCase() === column.toLowerCase());
  throw new AppError('bad-input', `${basename(file)} has no field '${column}'`, {
    subject: column,
    remedy: close
      ? `Did you mean '${close}'? It has ${names.join(', ')}.`
      : names.length > 0
        ? `It has ${names.join(', ')}.`
        : 'It has no fields at all: export it with its attributes.',
  });
}

function nothingLeft({ file }: LabelFile, reasons: ReadonlyMap<string, number>): AppError {
  const why = [...reasons].map(([reason, count]) => `${count} × ${reason}`).join('; ');
  return new AppError(
    'bad-input',
    `${basename(file)} holds no field that can be used${why ? `: ${why}` : ''}`,
    {
      subject: file,
      remedy: 'Give polygons with a class.',
    },
  );
}

function countOutside(ctx: Context, fields: readonly NewField[]): number {
  const extents = listScenes(readable(ctx)).map((scene) => scene.extent);
  return fields.filter(({ geometry }) => {
    const bounds = boundsOf(geometry);
    return bounds === null || !extents.some((extent) => overlaps(bounds, extent));
  }).length;
}
