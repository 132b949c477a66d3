import { AppError } from '../base/errors.ts';
import type { Field, FieldChange } from '../contract/labels.ts';
import type { Params } from '../contract/methods.ts';
import { listClasses } from '../store/classes.ts';
import { addFields, changeFields, knownFields, listFields, removeFields } from '../store/fields.ts';
import { actOnFields, type Context, readable } from './context.ts';
import { localScene, validAreal } from './regions.ts';

export function list(ctx: Context, params: Params<'fields.list'>): Field[] {
  if (params.fields) return knownFields(readable(ctx), params.fields);
  return listFields(readable(ctx), params.scene === undefined ? {} : { scene: params.scene });
}

export function add(ctx: Context, params: Params<'fields.add'>): Field[] {
  for (const { classCode } of params.fields) assertClass(ctx, classCode);
  const fields = params.fields.map((field) => ({
    ...field,
    geometry: validAreal(field.geometry),
    scene: localScene(ctx, field.scene),
    source: 'drawn',
  }));
  return actOnFields(ctx, `Add ${count(fields.length)}`, (tx) => addFields(tx, fields, ctx.clock), idsOf);
}

export function change(ctx: Context, params: Params<'fields.change'>): Field[] {
  if (params.change.classCode !== undefined) assertClass(ctx, params.change.classCode);
  const geometry = params.change.geometry && validAreal(params.change.geometry);
  const wanted: FieldChange = { ...params.change, ...(geometry ? { geometry } : {}) };
  const verb = wanted.classCode === undefined ? 'Change' : wanted.classCode === null ? 'Unlabel' : 'Label';
  const label = `${verb} ${count(params.fields.length)}`;
  return actOnFields(ctx, label, (tx) => changeFields(tx, params.fields, wanted), idsOf);
}

export function remove(ctx: Context, params: Params<'fields.remove'>): null {
  const { fields } = params;
  actOnFields(
    ctx,
    `Remove ${count(fields.length)}`,
    (tx) => removeFields(tx, fields),
    () => fields,
  );
  return null;
}

const idsOf = (fields: readonly Field[]) => fields.map((field) => field.id);
export const count = (n: number) => (n === 1 ? '1 field' : `${n} fields`);

/** Errors: not-found for a code without a class. */
export function assertClass(ctx: Context, code: number | null): void {
  const classes = listClasses(readable(ctx));
  if (code === null || classes.some((c) => c.code === code)) return;
  throw new AppError('not-found', `There is no class ${code}`, {
    subject: String(code),
    remedy:
      classes.length === 0
        ? 'Make a class first.'
        : `The classes are ${classes.map((c) => `${c.code} ${c.name}`).join(', ')}.`,
  });
}
