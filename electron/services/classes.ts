import type { ClassDef } from '../contract/labels.ts';
import type { Params } from '../contract/methods.ts';
import { listClasses, removeClass, saveClasses } from '../store/classes.ts';
import { act, type Context, readable } from './context.ts';

export function list(ctx: Context): ClassDef[] {
  return listClasses(readable(ctx));
}

export function save(ctx: Context, params: Params<'classes.save'>): ClassDef[] {
  const [only] = params.classes;
  const label = params.classes.length === 1 && only ? `Change class ${only.name}` : 'Change classes';
  act(ctx, label, ['classes'], (tx) => saveClasses(tx, params.classes));
  return list(ctx);
}

/** The fields of the class stay, without one. */
export function remove(ctx: Context, params: Params<'classes.remove'>): null {
  const name = list(ctx).find((c) => c.code === params.code)?.name ?? String(params.code);
  act(ctx, `Remove class ${name}`, ['classes', 'fields'], (tx) => removeClass(tx, params.code));
  return null;
}
