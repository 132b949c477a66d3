import { expect, test } from 'vitest';
import { CellPlaces } from '../../../electron/work/accuracy/cellPlaces.ts';

const window = { col: 10, row: 20, width: 4, height: 3 };

test('pixels of a field in a cell are counted with the box around them, over blocks', () => {
  const places = new CellPlaces();
  places.add(2, 1, 7, window, 0);
  places.add(2, 1, 7, window, 6);
  places.add(2, 1, 7, { ...window, row: 40 }, 3);
  places.add(1, 1, 7, window, 1);
  places.add(2, 1, 8, window, 11);
  const found = places.list((field) => `f${field}`);
  expect(found[0]).toEqual({ map: 2, reference: 1, field: 'f7', pixels: 3, bounds: [10, 20, 14, 41] });
  expect(found.slice(1)).toEqual([
    { map: 1, reference: 1, field: 'f7', pixels: 1, bounds: [11, 20, 12, 21] },
    { map: 2, reference: 1, field: 'f8', pixels: 1, bounds: [13, 22, 14, 23] },
  ]);
});

test('of a cell with very many fields those with most pixels are kept', () => {
  const places = new CellPlaces();
  for (let field = 1; field <= 150; field++) places.add(1, 2, field, window, field % 12);
  places.add(1, 2, 150, window, 0);
  const found = places.list(String);
  expect(found).toHaveLength(100);
  expect(found[0]).toMatchObject({ field: '150', pixels: 2 });
});
