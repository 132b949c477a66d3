import { expect, test } from 'vitest';
import { AppError } from '../../../electron/base/errors.ts';
import { createClient } from '../../../electron/contract/client.ts';
import { countFields } from '../../../renderer/state/fieldCounts.ts';
import { likelyClassColumn, proposeMapping } from '../../../renderer/state/labelMapping.ts';
import { Labels } from '../../../renderer/state/labels.svelte.ts';
import { nextClass } from '../../../renderer/state/palette.ts';
import { createFakeTransport } from '../../support/fakeTransport.ts';
import { field } from './fixtures.ts';

const classes = [
  { code: 1, name: 'Wheat', color: '#e69f00', key: '1' },
  { code: 4, name: 'Beet', color: '#56b4e9', key: '2' },
];

async function labelsWith(...fields: ReturnType<typeof field>[]) {
  const transport = createFakeTransport({
    'classes.list': () => classes,
    'fields.list': () => fields,
    'fields.change': ({ fields: ids, change }) =>
      ids.map((id) => ({ ...field(id), classCode: change.classCode ?? null, role: change.role ?? 'train' })),
  });
  const labels = new Labels(createClient(transport));
  await labels.readClasses();
  await labels.readFields();
  return { labels, transport };
}

test('a click gives the class in hand, a second click takes it away', async () => {
  const { labels } = await labelsWith(field('f'));
  labels.pickByKey('2');
  await labels.paint('f');
  expect(labels.fields[0]?.classCode).toBe(4);
  await labels.paint('f');
  expect(labels.fields[0]?.classCode).toBeNull();
});

test('another role on the same class changes the role and keeps the class', async () => {
  const { labels } = await labelsWith(field('f', { classCode: 1 }));
  labels.code = 1;
  labels.role = 'accuracy';
  await labels.paint('f');
  expect(labels.fields[0]).toMatchObject({ classCode: 1, role: 'accuracy' });
});

test('a refused change is taken back', async () => {
  const { labels, transport } = await labelsWith(field('f', { classCode: 1 }));
  transport.on({
    'fields.change': () => {
      throw new AppError('read-only', 'no');
    },
  });
  await expect(labels.change(['f'], { classCode: 4 })).rejects.toThrow('no');
  expect(labels.fields[0]?.classCode).toBe(1);
});

test('a key belongs to one class', async () => {
  const { labels, transport } = await labelsWith();
  transport.on({ 'classes.save': ({ classes: saved }) => saved });
  await labels.changeClass(4, { key: '1' });
  expect(labels.classes.map((c) => [c.code, c.key])).toEqual([
    [1, null],
    [4, '1'],
  ]);
});

test('fields are counted by class and role', () => {
  const counts = countFields([
    field('a', { classCode: 1 }),
    field('b', { classCode: 1, role: 'accuracy' }),
    field('c'),
  ]);
  expect(counts.total).toBe(3);
  expect(counts.labelled).toBe(2);
  expect(counts.byClass.get(1)).toEqual({ train: 1, validation: 0, accuracy: 1 });
});

test('a new class takes the first free code, colour and key', () => {
  expect(nextClass(classes, 'Rape')).toEqual({ code: 2, name: 'Rape', color: '#009e73', key: '3' });
});

test('values become the class of their name, of their code, or a new one; nothing stays out', () => {
  const { mapping, fresh } = proposeMapping(['wheat', '4', '0', 'Maize', '9'], classes);
  expect(mapping).toEqual({ wheat: 1, '4': 4, '0': null, Maize: 2, '9': 9 });
  expect(fresh.map((c) => [c.code, c.name])).toEqual([
    [2, 'Maize'],
    [9, '9'],
  ]);
});

test('the class column is known by its name before its values', () => {
  const column = (name: string, values: number) => ({
    name,
    type: 'text',
    values: Array.from({ length: values }, (_, i) => ({ value: String(i), count: 1 })),
    more: 0,
  });
  expect(likelyClassColumn([column('sampler', 2), column('crop', 3), column('id', 35)])).toBe('crop');
  expect(likelyClassColumn([column('id', 200), column('kind', 4)])).toBe('kind');
});
