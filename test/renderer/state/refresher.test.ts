import { expect, test } from 'vitest';
import { type Table, tables } from '../../../electron/contract/events.ts';
import { createRefresher } from '../../../renderer/state/refresher.ts';

function counting(read: (table: Table) => Promise<void>) {
  return Object.fromEntries(tables.map((t) => [t, () => read(t)])) as Record<Table, () => Promise<void>>;
}

test('a burst while reading causes exactly one more reading', async () => {
  let readings = 0;
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const refresh = createRefresher(
    counting(async () => {
      readings += 1;
      if (readings === 1) await gate;
    }),
    () => {},
  );
  const all = [refresh(['fields']), refresh(['fields']), refresh(['fields'])];
  release();
  await Promise.all(all);
  expect(readings).toBe(2);
});

test('a failed reading is told and does not block the next', async () => {
  const errors: unknown[] = [];
  let readings = 0;
  const refresh = createRefresher(
    counting(async () => {
      readings += 1;
      throw new Error('x');
    }),
    (error) => errors.push(error),
  );
  await refresh(['fields']);
  await refresh(['fields']);
  expect(readings).toBe(2);
  expect(errors).toHaveLength(2);
});
