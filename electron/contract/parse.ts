import type { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { isMethodName, type MethodName, methods, type Params } from './methods.ts';

/** The method's parameters, checked at the wall. Throws `usage` naming the parameter, the value found and what is needed. */
export function parseCall(name: string, params: unknown): { method: MethodName; params: Params<MethodName> } {
  if (!isMethodName(name)) {
    throw new AppError('usage', `There is no method '${name}'`, {
      subject: name,
      remedy: 'See electron/contract/methods.ts for the list.',
    });
  }
  return { method: name, params: parseWith(methods[name].params, params ?? {}, name) as Params<MethodName> };
}

export function parseWith<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const at = issue?.path.join('.') ?? '';
  const found = at ? valueAt(value, issue?.path ?? []) : value;
  throw new AppError('usage', `${what}: ${at || 'parameters'} ${issue?.message ?? 'are not valid'}`, {
    subject: at || what,
    remedy: found === undefined ? `Give ${at || 'the parameters'}.` : `Found ${shorten(found)}.`,
  });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((v, key) => (v as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
