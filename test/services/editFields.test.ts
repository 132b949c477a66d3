/** The tools that change outlines, over the real app: what they leave, what the windows hear, and that one undo is enough. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Client } from '../../electron/contract/client.ts';
import type { Field } from '../../electron/contract/labels.ts';
import { area } from '../../electron/vector/geometry.ts';
import { square } from '../support/labels.ts';
import { failure, type TestApp, testApp } from '../support/testApp.ts';
import { writeRaster } from '../support/writeRaster.ts';

/** A scene of two crops side by side (columns 0 to 31 and 32 to 63), and one class. */
async function project(): Promise<{ test: TestApp; client: Client; list: () => Promise<Field[]> }> {
  const test = testApp();
  const { client } = test;
  await client.call('project.create', { path: join(test.folder, 'Edit.swath') });
  const file = join(test.folder, 'two.tif');
  await writeRaster(file, { width: 64, height: 48, bands: 2 }, (col, row, band) =>
    col < 32 ? band : 10 * band + ((col + row) % 3) * 0.1,
  );
  await test.ended((await client.call('scenes.add', { files: [file] })).run);
  await client.call('classes.save', { classes: [{ code: 1, name: 'Wheat', color: '#ddcc77', key: '1' }] });
  return { test, client, list: () => client.call('fields.list', {}) };
}

const total = (fields: readonly Field[]) => fields.reduce((sum, { geometry }) => sum + area(geometry), 0);

test('brush strokes grow the field they touch, and begin another where they do not', async () => {
  const { client, list } = await project();
  const stroke = { classCode: 1, role: 'train', radius: 3 } as const;
  const first = await client.call('fields.brush', {
    ...stroke,
    line: [
      [10, -10],
      [20, -10],
    ],
  });
  const id = first.fields[0]?.id ?? '';
  const grown = await client.call('fields.brush', {
    ...stroke,
    field: id,
    line: [
      [20, -10],
      [20, -20],
    ],
  });
  expect(grown.fields[0]?.id).toBe(id);
  expect(await list()).toHaveLength(1);
  await client.call('fields.brush', { ...stroke, field: id, line: [[50, -40]] });
  expect(await list()).toHaveLength(2);
  await client.call('history.undo', {});
  await client.call('history.undo', {});
  expect(await list()).toEqual(first.fields);
});

test('the eraser takes from every field named, removes what it empties, and one undo brings all back', async () => {
  const { client, list } = await project();
  const before = await client.call('fields.add', {
    fields: [square(10, -20), square(20, -20), square(2, -4, 1)].map((geometry) => ({
      geometry,
      classCode: 1,
    })),
  });
  const ids = before.map((field) => field.id);
  const erased = await client.call('fields.erase', {
    fields: ids,
    line: [
      [2, -3],
      [20, -15],
    ],
    radius: 2,
  });
  expect(erased.removed).toEqual([ids[2]]);
  expect(total(await list())).toBeLessThan(total(before) - 20);
  await client.call('history.undo', {});
  expect(await list()).toEqual(before);
});

test('merge and split are each other undone, and a line that misses is refused', async () => {
  const { test: app, client, list } = await project();
  const [a, b] = await client.call('fields.add', {
    fields: [
      { geometry: square(10, -20), classCode: 1, role: 'accuracy' },
      { geometry: square(20, -20), classCode: null },
    ],
  });
  const merged = await client.call('fields.merge', { fields: [a?.id ?? '', b?.id ?? ''] });
  expect(merged).toMatchObject({ fields: [{ id: a?.id, classCode: 1, role: 'accuracy' }], removed: [b?.id] });
  expect(app.events.at(-1)).toMatchObject({ type: 'changed', fields: [a?.id, b?.id] });
  const miss = client.call('fields.split', {
    fields: [a?.id ?? ''],
    line: [
      [0, 0],
      [60, 0],
    ],
  });
  expect((await failure(miss)).code).toBe('bad-input');
  await client.call('fields.split', {
    fields: [a?.id ?? ''],
    line: [
      [18, 0],
      [18, -30],
    ],
  });
  const parts = await list();
  expect(parts.map((part) => [Math.round(area(part.geometry)), part.role])).toEqual([
    [120, 'accuracy'],
    [80, 'accuracy'],
  ]);
});

test('the wand stops where the crop does, and the spectra of classes are those of their fields', async () => {
  const { client } = await project();
  const found = await client.call('scenes.wand', { scene: 'two', x: 8.5, y: -8.5, tolerance: 0.3 });
  expect(Math.abs(found.pixels - 32 * 48)).toBeLessThanOrEqual(64);
  expect(found.geometry && area(found.geometry)).toBe(found.pixels);
  const outside = client.call('scenes.wand', { scene: 'two', x: 99, y: -8.5 });
  expect((await failure(outside)).code).toBe('bad-input');
  await client.call('fields.add', { fields: [{ geometry: square(4, -20), classCode: 1 }] });
  expect(await client.call('scenes.spectra', { scene: 'two' })).toEqual([
    { code: 1, fields: 1, pixels: 100, mean: [1, 2], std: [0, 0] },
  ]);
});

test('outlines come in without a class, and only those asked for are answered', async () => {
  const { client, list } = await project();
  const { writeFileSync } = await import('node:fs');
  const file = join((await client.call('project.current', {}))?.path ?? '', '..', 'outlines.geojson');
  const features = [square(4, -20), square(30, -30)].map((geometry) => ({
    type: 'Feature',
    geometry,
    properties: {},
  }));
  writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features }));
  expect(await client.call('labels.import', { file, scene: 'two' })).toMatchObject({ count: 2, classes: [] });
  const fields = await list();
  expect(fields.map((field) => field.classCode)).toEqual([null, null]);
  const wanted = await client.call('fields.list', { fields: [fields[1]?.id ?? '', 'gone'] });
  expect(wanted).toEqual([fields[1]]);
});
