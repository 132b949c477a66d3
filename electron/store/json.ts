import type { Param } from './rights.ts';

/** A value as JSON text for a column; null and undefined are NULL. */
export function toJson(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

/** What `toJson` wrote: our own tables only, so the type is trusted. */
export function fromJson<T>(text: unknown): T | null {
  return typeof text === 'string' ? (JSON.parse(text) as T) : null;
}

/** `a = ?, b = ?` and the values, for the columns that are given. */
export function assignments(values: Readonly<Record<string, Param | undefined>>): {
  readonly sql: string;
  readonly params: Param[];
} {
  const given = Object.entries(values).filter((entry): entry is [string, Param] => entry[1] !== undefined);
  return { sql: given.map(([name]) => `${name} = ?`).join(', '), params: given.map(([, value]) => value) };
}
