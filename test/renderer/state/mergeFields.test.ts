import { expect, test } from 'vitest';
import { mergeFields, replaceFields } from '../../../renderer/state/mergeFields.ts';
import { field } from './fixtures.ts';

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

test('what is the same stays the same object, what differs keeps an equal outline', () => {
  const known = [field('a', { classCode: 1 }), field('b'), field('c')];
  const fresh = [copy(known[0]), { ...copy(known[1]), classCode: 4 }, field('d')].filter(
    (f) => f !== undefined,
  );
  const merged = mergeFields(known, fresh as typeof known);
  expect(merged.map((f) => f.id)).toEqual(['a', 'b', 'd']);
  expect(merged[0]).toBe(known[0]);
  expect(merged[1]).not.toBe(known[1]);
  expect(merged[1]?.classCode).toBe(4);
  expect(merged[1]?.geometry).toBe(known[1]?.geometry);
});

test('another outline is another object', () => {
  const [before] = [field('a')];
  const after = copy(before);
  const ring = after.geometry.coordinates[0]?.[0] as unknown as number[];
  ring[0] = (ring[0] ?? 0) + 1e-9;
  const [merged] = mergeFields([before], [after]);
  expect(merged).not.toBe(before);
  expect(merged?.geometry).toBe(after.geometry);
});

test('only the fields named are replaced, added or taken away', () => {
  const known = [field('a'), field('b'), field('c')];
  const changed = { ...copy(known[1] ?? field('b')), classCode: 2 };
  const next = replaceFields(known, [changed, field('e')], new Set(['b', 'c', 'e']));
  expect(next.map((f) => [f.id, f.classCode])).toEqual([
    ['a', known[0]?.classCode],
    ['b', 2],
    ['e', null],
  ]);
  expect(next[0]).toBe(known[0]);
});
