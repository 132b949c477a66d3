import { execFileSync } from 'node:child_process';
import { describe, expect, it, test } from 'vitest';
import { classLists } from '../../../electron/contract/catalog/cropLists.ts';
import { classSchema } from '../../../electron/contract/labels.ts';
import { Layers } from '../../../renderer/state/layers.svelte.ts';
import { toLonLatOf, toMapOf } from '../../../renderer/state/lonLat.ts';
import { createMemory } from '../../../renderer/state/memory.ts';
import { classPalette, safeColors, withList } from '../../../renderer/state/palette.ts';
import { Places, readPlace } from '../../../renderer/state/places.svelte.ts';
import { rampAt, ramps } from '../../../renderer/state/ramps.ts';
import { hasGdal } from '../../support/gdal.ts';

const utm33 = '+proj=utm +zone=33 +datum=WGS84 +units=m +no_defs';

describe('a place that was typed', () => {
  const toMap = toMapOf(utm33);

  it('is latitude and longitude where it can be, and coordinates of the map otherwise', () => {
    expect(readPlace('362020, 5350445', { local: false, toMap })).toEqual([362020, 5350445]);
    const [x = 0, y = 0] = readPlace('48.29215 N 13.13972 E', { local: false, toMap }) ?? [];
    expect(Math.hypot(x - 362020, y - 5350445)).toBeLessThan(5);
    expect(readPlace('12 34', { local: true, toMap: null })).toEqual([12.5, -34.5]);
    expect(readPlace('somewhere', { local: false, toMap })).toBeNull();
    expect(readPlace('1 2 3', { local: false, toMap })).toBeNull();
  });

  it('is transformed as GDAL does it', ({ skip }) => {
    if (!hasGdal) skip('GDAL is not installed');
    const out = execFileSync('gdaltransform', ['-s_srs', 'EPSG:32633', '-t_srs', 'EPSG:4326', '-output_xy'], {
      input: '362020 5350445\n',
      encoding: 'utf8',
    });
    const [lon = 0, lat = 0] = out.trim().split(' ').map(Number);
    const found = toLonLatOf(utm33)([362020, 5350445]);
    expect(found[0]).toBeCloseTo(lon, 8);
    expect(found[1]).toBeCloseTo(lat, 8);
  });
});

test('bookmarks come back with the project, and what is not one is left out', () => {
  const memory = createMemory({ 'places:/b': '[{"name":"x","extent":[1,2,3]}]' });
  const places = new Places(memory);
  places.load('/a');
  places.add('Bend', [0, 0, 10, 10]);
  const again = new Places(memory);
  again.load('/a');
  expect(again.bookmarks).toEqual([{ name: 'Bend', extent: [0, 0, 10, 10] }]);
  again.load('/b');
  expect(again.bookmarks).toEqual([]);
});

test('layers keep the order they were given, and new ones come in where they would lie', () => {
  const layers = new Layers(createMemory());
  layers.load('/a');
  layers.move('scene:a', 1, ['scene:a', 'scene:b', 'map:1']);
  expect(layers.arrange(['scene:a', 'scene:b', 'map:1'])).toEqual(['scene:b', 'scene:a', 'map:1']);
  expect(layers.arrange(['scene:a', 'scene:b', 'confidence:1', 'map:1'])).toEqual([
    'scene:b',
    'scene:a',
    'confidence:1',
    'map:1',
  ]);
  layers.raiseScene('b');
  expect(layers.arrange(['scene:a', 'scene:b', 'map:1'])).toEqual(['scene:a', 'scene:b', 'map:1']);
});

test('ramps end in their own colours and mix between them', () => {
  expect(rampAt(ramps.grey, 0)).toEqual([0, 0, 0]);
  expect(rampAt(ramps.grey, 2)).toEqual([255, 255, 255]);
  expect(rampAt(['#000000', '#64c832'], 0.5)).toEqual([50, 100, 25]);
});

describe('lists of classes', () => {
  it('hold codes, names and colours that a project takes', () => {
    for (const { id, classes } of classLists) {
      expect(new Set(classes.map((c) => c.code)).size, id).toBe(classes.length);
      for (const c of classes) expect(classSchema.safeParse({ ...c, key: null }).success, c.name).toBe(true);
    }
  });

  it('are added under their own codes, to classes that stay as they are', () => {
    const wheat = { code: 24, name: 'Wheat', color: '#111111', key: '1' };
    const added = withList([wheat], classLists.find(({ id }) => id === 'cdl')?.classes.slice(0, 20) ?? []);
    expect(added[0]).toBe(wheat);
    expect(added.filter((c) => c.code === 24)).toHaveLength(1);
    expect(added.find((c) => c.code === 1)).toMatchObject({ name: 'Maize', color: '#ffd300', key: '2' });
    const safe = safeColors(added);
    expect(safe.slice(0, 16).map((c) => c.color)).toEqual([...classPalette]);
    expect(safe.map((c) => c.code)).toEqual(added.map((c) => c.code));
  });
});
