import { expect, test } from 'vitest';
import { channelRanges, Layers, proposedView } from '../../../renderer/state/layers.svelte.ts';
import { createMemory } from '../../../renderer/state/memory.ts';
import { stretchRange } from '../../../renderer/state/stretch.ts';
import { band, scene } from './fixtures.ts';

test('stretches follow the statistics', () => {
  const b = band(1, { min: 0, max: 90, mean: 50, std: 30, p2: 12, p98: 70 });
  expect(stretchRange(b, 'percentile', 'linear')).toEqual([12, 70]);
  expect(stretchRange(b, 'extremes', 'linear')).toEqual([0, 90]);
  // mean ± 2 std is −10…110, cut at what exists.
  expect(stretchRange(b, 'deviation', 'linear')).toEqual([0, 90]);
  expect(stretchRange(b, 'manual', 'linear', [3, 4])).toEqual([3, 4]);
});

test('decibels are ten times the decimal logarithm', () => {
  const [low, high] = stretchRange(band(1, { p2: 0.001, p98: 10 }), 'percentile', 'decibel');
  expect(low).toBeCloseTo(-30, 9);
  expect(high).toBeCloseTo(10, 9);
});

test('a constant band still has a range', () => {
  const [low, high] = stretchRange(band(1, { p2: 5, p98: 5 }), 'percentile', 'linear');
  expect(high).toBeGreaterThan(low);
});

test('radar powers are proposed in decibels, reflectances are not', () => {
  const power = scene('s', {
    bands: scene('s').bands.map((b) => ({ ...b, role: 'power' })),
    composites: [{ id: 'pauli', name: 'Pauli', bands: [2, 3, 1] }],
  });
  expect(proposedView(power)).toMatchObject({ composite: 'pauli', bands: [2, 3, 1], scale: 'decibel' });
  expect(proposedView(scene('s')).scale).toBe('linear');
});

test('a scene of one or two bands is grey', () => {
  const one = scene('s', { bands: scene('s').bands.slice(0, 2) });
  expect(proposedView(one).bands).toEqual([1, 1, 1]);
});

test('ranges are unknown until all three bands are measured', () => {
  const measured = scene('s', { statistics: { exact: true, samples: 1, bands: [band(1), band(2)] } });
  expect(channelRanges(measured, proposedView(measured))).toBeNull();
  const all = scene('s', { statistics: { exact: true, samples: 1, bands: [band(1), band(2), band(3)] } });
  expect(channelRanges(all, proposedView(all))).toEqual([
    [20, 80],
    [20, 80],
    [20, 80],
  ]);
});

test('habits of a project are kept and do not leak into another', () => {
  const memory = createMemory();
  const layers = new Layers(memory);
  layers.load('/a');
  layers.setView(scene('s'), { gamma: 2 });
  layers.setLook('fields', { opacity: 0.3 });
  layers.load('/b');
  expect(layers.view(scene('s')).gamma).toBe(1);
  const again = new Layers(memory);
  again.load('/a');
  expect(again.view(scene('s')).gamma).toBe(2);
  expect(again.look('fields')).toEqual({ visible: true, opacity: 0.3 });
});

test('a broken memory is as good as none', () => {
  const layers = new Layers(createMemory({ 'layers:/a': '{"views":' }));
  layers.load('/a');
  expect(layers.look('fields').visible).toBe(true);
});
