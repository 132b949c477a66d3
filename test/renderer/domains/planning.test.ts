import { expect, test } from 'vitest';
import { extentOfPixels, joined } from '../../../renderer/domains/assess/pixelExtent.ts';
import { differences } from '../../../renderer/domains/pretrain/compare.ts';
import { embeddingWidth, toPretrainCall } from '../../../renderer/domains/pretrain/settings.ts';
import { viewImages } from '../../../renderer/domains/pretrain/viewImages.ts';
import { createSettled } from '../../../renderer/state/settled.ts';
import { run } from '../state/fixtures.ts';

test('runs are told apart by what differs and by nothing else', () => {
  const a = run('a', { params: { epochs: 10, set: { temperature: 0.1 } } });
  const b = run('b', { params: { epochs: 20, set: { temperature: 0.1, lambda: 1 }, resume: 'x' } });
  expect(differences([a, b])).toEqual([
    { id: 'epochs', values: ['10', '20'] },
    { id: 'lambda', values: ['–', '1'] },
  ]);
  expect(differences([a, a])).toEqual([]);
});

test('the embeddings are as wide as the last layer of the projector', () => {
  expect(embeddingWidth('vicreg', { projectorWidth: 64 })).toBe(64);
  expect(embeddingWidth('simclr', undefined)).toBe(128);
});

test('an earlier encoder and its bands travel with the call only when there is one', () => {
  const choice = {
    method: 'vicreg',
    encoder: 'dense',
    regions: [],
    scenes: [],
    seed: 0,
    device: 'auto',
    set: {},
  } as const;
  expect(toPretrainCall({ ...choice, from: null, fromBands: [1] })).not.toHaveProperty('fromBands');
  expect(toPretrainCall({ ...choice, from: 'r', fromBands: [2, 0] })).toMatchObject({
    from: 'r',
    fromBands: [2, 0],
  });
});

test('squares of a preview are painted with the ranges of the scene; nodata is clear', () => {
  // One square of 1 × 2 would not be square: two squares of 1 × 1, one band and alpha.
  const pixels = Float32Array.from([5, 1, 20, 0]);
  const [own, view] = viewImages(
    { side: 1, views: 1, bands: [3] },
    pixels,
    [
      [0, 10],
      [0, 10],
      [0, 10],
    ],
    'linear',
  );
  expect([...(own ?? [])]).toEqual([128, 128, 128, 255]);
  expect(view?.[3]).toBe(0);
});

test('pixels become map coordinates, rotated grids included', () => {
  expect(extentOfPixels([1, 2, 3, 5], null)).toEqual([1, -5, 3, -2]);
  expect(extentOfPixels([0, 0, 2, 1], [100, 10, 0, 50, 0, -10])).toEqual([100, 40, 120, 50]);
  expect(extentOfPixels([0, 0, 1, 1], [0, 0, 2, 0, 3, 0])).toEqual([0, 0, 2, 3]);
  expect(
    joined([
      [0, 0, 1, 1],
      [-1, 2, 0, 3],
    ]),
  ).toEqual([-1, 0, 1, 3]);
  expect(joined([])).toBeNull();
});

test('of a burst only the last wish is worked on, and never two at once', async () => {
  const asked: number[] = [];
  let busy = 0;
  const settled = createSettled<number>(5, async (wish) => {
    busy += 1;
    expect(busy).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    asked.push(wish);
    busy -= 1;
  });
  for (const wish of [1, 2, 3]) settled.ask(wish);
  await new Promise((resolve) => setTimeout(resolve, 12));
  settled.ask(4);
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(asked).toEqual([3, 4]);
  settled.ask(5);
  settled.stop();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(asked).toEqual([3, 4]);
});
