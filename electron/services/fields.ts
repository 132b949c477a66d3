import { AppError } from '../base/errors.ts';
import type { Field, FieldChange } from '../contract/labels.ts';
import type { Params } from '../contract/methods.ts';
import { listClasses } from '../store/classes.ts';
import { addFields, changeFields, listFields, removeFields } from '../store/fields.ts';
import { act, type Context, readable } from './context.ts';
import { localScene, validAreal } from './regions.ts';

export function list(ctx: Context, params: Params<'fields.list'>): Field[] {
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
  return act(ctx, `Add ${count(fields.length)}`, ['fields'], (tx) => addFields(tx, fields, ctx.clock));
}

export function change(ctx: Context, params: Params<'fields.change'>): Field[] {
  if (params.change.classCode !== undefined) assertClass(ctx, params.change.classCode);
  const geometry = params.change.geometry && validAreal(params.change.geometry);
  const wanted: FieldChange = { ...params.change, ...(geometry ? { geometry } : {}) };
  const verb = wanted.classCode === undefined ? 'Change' : wanted.classCode === null ? 'Unlabel' : 'Label';
  return act(ctx, `${verb} ${count(params.fields.length)}`, ['fields'], (tx) =>
    changeFields(tx, params.fields, wanted),
  );
}

export function remove(ctx: Context, params: Params<'fields.remove'>): null {
  act(ctx, `Remove ${count(params.fields.length)}`, ['fields'], (tx) => removeFields(tx, params.fields));
  return null;
}

const count = (n: number) => (n === 1 ? '1 field' : `${n} fields`);

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
