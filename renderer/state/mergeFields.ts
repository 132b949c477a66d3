import type { Field } from '../../electron/contract/labels.ts';

/**
 * The new list, but with the objects known already wherever nothing changed: what is drawn from a field is made anew only
 * for those that differ, of however many thousands.
 */
export function mergeFields(known: readonly Field[], fresh: readonly Field[]): readonly Field[] {
  const before = new Map(known.map((field) => [field.id, field]));
  return fresh.map((field) => keep(before.get(field.id), field));
}

/** The list with the fields named taken out where `found` has none of that id, replaced or added where it has. */
export function replaceFields(
  known: readonly Field[],
  found: readonly Field[],
  named: ReadonlySet<string>,
): readonly Field[] {
  const next = new Map(found.map((field) => [field.id, field]));
  const kept = known.flatMap((field) => {
    if (!named.has(field.id)) return [field];
    const answer = next.get(field.id);
    next.delete(field.id);
    return answer ? [keep(field, answer)] : [];
  });
  return [...kept, ...next.values()];
}

function keep(before: Field | undefined, after: Field): Field {
  if (!before) return after;
  const geometry = sameNumbers(before.geometry, after.geometry) ? before.geometry : after.geometry;
  const same = (Object.keys(after) as (keyof Field)[]).every(
    (key) => key === 'geometry' || before[key] === after[key],
  );
  return same && geometry === before.geometry ? before : { ...after, geometry };
}

function sameNumbers(a: Field['geometry'], b: Field['geometry']): boolean {
  return a.type === b.type && sameDeep(a.coordinates, b.coordinates);
}

type Nested = number | readonly Nested[];

function sameDeep(a: Nested, b: Nested): boolean {
  if (typeof a === 'number' || typeof b === 'number') return a === b;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) {
    if (!sameDeep(a[i] ?? Number.NaN, b[i] ?? Number.NaN)) return false;
  }
  return true;
}
