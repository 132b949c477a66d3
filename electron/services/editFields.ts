/** Brush, eraser, merge and split: each a gesture of its own, whatever number of fields it touches. */
import { AppError } from '../base/errors.ts';
import type { Areal } from '../contract/geometry.ts';
import type { Field, FieldsEdited } from '../contract/labels.ts';
import type { Params } from '../contract/methods.ts';
import { addFields, changeFields, getFields, removeFields } from '../store/fields.ts';
import type { Gesture } from '../store/rights.ts';
import { boundsOf, overlaps } from '../vector/geometry.ts';
import { difference, union } from '../vector/overlay.ts';
import { splitAlong } from '../vector/split.ts';
import { strokeArea } from '../vector/stroke.ts';
import { actOnFields, type Context, readable } from './context.ts';
import { assertClass, count } from './fields.ts';
import { localScene, validAreal } from './regions.ts';

/** A stroke that touches the field named grows it; any other is a new field. Errors: `not-found`, `bad-input`. */
export function brush(ctx: Context, params: Params<'fields.brush'>): FieldsEdited {
  assertClass(ctx, params.classCode);
  const painted = validAreal(strokeArea(params.line, params.radius));
  const [known] = params.field === undefined ? [] : getFields(readable(ctx), [params.field]);
  const joined = known && mayTouch(known.geometry, painted) ? union([known.geometry, painted]) : null;
  // A field and a stroke apart from it would be one field in two pieces.
  if (known && joined && polygons(joined) <= polygons(known.geometry)) {
    return edit(ctx, 'Paint 1 field', (tx) => ({
      fields: changeFields(tx, [known.id], { geometry: validAreal(joined) }),
      removed: [],
    }));
  }
  const { classCode, role, confidence } = params;
  const scene = localScene(ctx, params.scene);
  return edit(ctx, 'Paint 1 field', (tx) => ({
    fields: addFields(
      tx,
      [{ geometry: painted, classCode, role, confidence, scene, source: 'drawn' }],
      ctx.clock,
    ),
    removed: [],
  }));
}

/** Takes a stroke away from fields; one of which nothing is left is removed. */
export function erase(ctx: Context, params: Params<'fields.erase'>): FieldsEdited {
  const taken = validAreal(strokeArea(params.line, params.radius));
  const met = getFields(readable(ctx), params.fields).filter(({ geometry }) => mayTouch(geometry, taken));
  const rests = met.map((field) => ({ field, rest: difference(field.geometry, taken) }));
  if (rests.length === 0) return { fields: [], removed: [] };
  return edit(ctx, `Erase in ${count(rests.length)}`, (tx) => ({
    fields: rests.flatMap(({ field, rest }) =>
      rest ? changeFields(tx, [field.id], { geometry: validAreal(rest) }) : [],
    ),
    removed: removeAll(
      tx,
      rests.filter(({ rest }) => !rest).map(({ field }) => field),
    ),
  }));
}

export function merge(ctx: Context, params: Params<'fields.merge'>): FieldsEdited {
  const fields = getFields(readable(ctx), [...new Set(params.fields)]);
  const [first, ...others] = fields;
  const joined = union(fields.map((field) => field.geometry));
  if (!first || others.length === 0 || !joined) {
    throw new AppError('bad-input', 'A merge needs two different fields', {
      remedy: 'Select two or more fields.',
    });
  }
  return edit(ctx, `Merge ${count(fields.length)}`, (tx) => ({
    fields: changeFields(tx, [first.id], { geometry: validAreal(joined) }),
    removed: removeAll(tx, others),
  }));
}

/** Errors: `bad-input` when the line cuts none of the fields. */
export function split(ctx: Context, params: Params<'fields.split'>): FieldsEdited {
  const cut = getFields(readable(ctx), params.fields)
    .map((field) => ({ field, parts: splitAlong(field.geometry, params.line) }))
    .filter(({ field, parts }) => parts.length > polygons(field.geometry));
  if (cut.length === 0) {
    throw new AppError('bad-input', 'The line does not cut the selected fields', {
      remedy: 'Draw it across a field, from one side to the other.',
    });
  }
  return edit(ctx, `Split ${count(cut.length)}`, (tx) => ({
    fields: cut.flatMap(({ field, parts: [largest, ...others] }) => [
      ...(largest ? changeFields(tx, [field.id], { geometry: validAreal(largest) }) : []),
      ...addFields(
        tx,
        others.map((geometry) => ({ ...field, geometry: validAreal(geometry) })),
        ctx.clock,
      ),
    ]),
    removed: [],
  }));
}

function edit(ctx: Context, label: string, body: (tx: Gesture) => FieldsEdited): FieldsEdited {
  return actOnFields(ctx, label, body, ({ fields, removed }) => [...fields.map(({ id }) => id), ...removed]);
}

function removeAll(tx: Gesture, fields: readonly Field[]): string[] {
  const ids = fields.map((field) => field.id);
  removeFields(tx, ids);
  return ids;
}

const polygons = (areal: Areal) => (areal.type === 'Polygon' ? 1 : areal.coordinates.length);

function mayTouch(a: Areal, b: Areal): boolean {
  const [boundsA, boundsB] = [boundsOf(a), boundsOf(b)];
  return boundsA !== null && boundsB !== null && overlaps(boundsA, boundsB);
}
