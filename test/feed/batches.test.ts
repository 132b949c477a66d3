import { describe, expect, test } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import { chooseAugmentations } from '../../electron/contract/catalog/augmentations.ts';
import { createAugmenter } from '../../electron/feed/augment/augmenter.ts';
import { createBatches } from '../../electron/feed/batches.ts';
import { fitNormalisation } from '../../electron/feed/normalise.ts';
import { seasonalPartners } from '../../electron/feed/open.ts';
import { createPlaces } from '../../electron/feed/places.ts';
import { samplePixels } from '../../electron/feed/samplePixels.ts';
import { createTiles, fitInMemory, windowPool } from '../../electron/feed/tiles.ts';
import { arrayRaster } from '../support/arrayRaster.ts';

const width = 120;
const height = 90;
const prng = prngFrom('scene');
const band = (scale: number) => Float32Array.from({ length: width * height }, () => scale * prng.normal());
/** The left half is nodata. */
const valid = Uint8Array.from({ length: width * height }, (_, i) => (i % width < 60 ? 0 : 1));
const raster = arrayRaster({ width, height, bands: [band(1), band(5)] });
const half = arrayRaster({ width, height, bands: [band(1), band(5)], valid });
const record = fitNormalisation({ bands: [band(1), band(5)], count: width * height }, raster.info, {
  sensor: null,
});
const scene = (name: string) => ({ name, width, height, regions: [] });
const open = (reader: typeof raster) => ({ reader, bands: [1, 2] });
const augmenter = createAugmenter(chooseAugmentations('optical', {}), { tile: 8, record, seed: 9 });

function batchesOf(readers: (typeof raster)[], seed: number, partners: number[][] = []) {
  const places = createPlaces(
    readers.map((_, i) => scene(`s${i}`)),
    { side: augmenter.patch, seed },
  );
  return createBatches(places, createTiles(readers.map(open), record), augmenter, {
    batch: 6,
    tile: 8,
    bands: 2,
    seed,
    maxNodata: 0,
    partners,
  });
}
const copy = ({ view1, view2 }: { view1: Float32Array; view2: Float32Array }) => [...view1, ...view2];

describe('batches', () => {
  test('follow from seed and step alone, in whatever order they are asked for', async () => {
    const forward = batchesOf([raster], 1);
    const steps: number[][] = [];
    for (let step = 0; step < 4; step++) steps.push(copy(await forward.prepare(step)));
    const other = batchesOf([raster], 1);
    expect(copy(await other.prepare(3))).toEqual(steps[3]);
    expect(copy(await other.prepare(0))).toEqual(steps[0]);
    expect(new Set(steps.map(String)).size).toBe(4);
    expect(copy(await batchesOf([raster], 2).prepare(0))).not.toEqual(steps[0]);
  });

  test('one batch stays whole while the next is prepared', async () => {
    const batches = batchesOf([raster], 1);
    const first = await batches.prepare(0);
    const kept = copy(first);
    const second = batches.prepare(1);
    expect(copy(first)).toEqual(kept);
    await second;
    expect(copy(first)).toEqual(kept);
  });

  test('the two views of a tile differ, and no value is left unset', async () => {
    const { view1, view2 } = await batchesOf([raster], 1).prepare(0);
    expect(view1).not.toEqual(view2);
    for (let i = 0; i < 6; i++) {
      const tile = view1.subarray(i * 128, (i + 1) * 128);
      expect(tile.some((v) => v !== 0)).toBe(true);
    }
  });

  test('tiles avoid nodata; where there is nothing else the run is refused', async () => {
    const places = createPlaces([scene('half')], { side: 12, seed: 1 });
    const tiles = createTiles([open(half)], record);
    const plain = createAugmenter([], { tile: 12, record, seed: 1 });
    const options = { batch: 40, tile: 12, bands: 2, seed: 1, maxNodata: 0, partners: [] };
    const { view1 } = await createBatches(places, tiles, plain, options).prepare(0);
    // Nodata is 0 after normalisation, and no valid value of a continuous distribution is.
    expect(view1.includes(0)).toBe(false);
    const empty = arrayRaster({
      width,
      height,
      bands: [band(1), band(5)],
      valid: new Uint8Array(width * height),
    });
    await expect(
      createBatches(places, createTiles([open(empty)], record), plain, options).prepare(0),
    ).rejects.toMatchObject({ code: 'bad-input' });
  });

  test('seasonal positives take the second view from the partner, at the same place', async () => {
    const marked = arrayRaster({
      width,
      height,
      bands: [new Float32Array(width * height).fill(40), new Float32Array(width * height).fill(-40)],
    });
    const places = createPlaces([{ ...scene('a') }, { ...scene('b') }], { side: 8, seed: 1 });
    const plain = createAugmenter([], { tile: 8, record, seed: 1 });
    const { view1, view2 } = await createBatches(
      places,
      createTiles([open(raster), open(marked)], record),
      plain,
      { batch: 32, tile: 8, bands: 2, seed: 1, maxNodata: 0, partners: [[1], []] },
    ).prepare(0);
    for (let i = 0; i < 32; i++) {
      const { scene: from } = places.at(i, 0);
      const constant = (view: Float32Array) => new Set(view.subarray(i * 128, (i + 1) * 128)).size === 2;
      expect(constant(view2)).toBe(true);
      expect(constant(view1)).toBe(from === 1);
    }
  });

  test('partners are scenes of one grid and other dates, within the window', () => {
    const source = (name: string, date: string | null) => ({ scene: name, files: [], sensor: null, date });
    const small = arrayRaster({ width: 10, height: 10, bands: [band(1), band(5)] });
    const scenes = {
      sources: [
        source('a', '2024-04-01'),
        source('b', '2024-05-01'),
        source('c', '2024-09-01'),
        source('d', '2024-04-02'),
        source('e', null),
      ],
      readers: [raster, raster, raster, small, raster],
      placed: [],
      dispose: async () => {},
    };
    expect(seasonalPartners(scenes, 40)).toEqual([[1], [0], [], [], []]);
    expect(seasonalPartners(scenes, 0)).toEqual([[], [], [], [], []]);
    expect(() => seasonalPartners(scenes, 5)).toThrow(/5 days/);
  });
});

describe('tiles', () => {
  test('are the same from memory and from windows', async () => {
    const kept = createTiles([open(half)], record);
    const pool = { windows: 3, side: 40, life: 4 };
    const places = createPlaces([scene('half')], { side: 12, seed: 3, pool });
    // Room for a single window: each is read again and again.
    const windowed = createTiles([open(half)], record, { bytes: 40 * 40 * 9 });
    for (let n = 0; n < 40; n++) {
      const place = places.at(n, 0);
      const [a, b] = [new Float32Array(12 * 12 * 2), new Float32Array(12 * 12 * 2)];
      expect(await windowed.read(place, 12, a)).toBe(await kept.read({ ...place, window: null }, 12, b));
      expect(a).toEqual(b);
    }
  });

  test('large scenes get a pool of windows that fits the memory set aside', () => {
    expect(fitInMemory([{ width: 512, height: 736 }], 9)).toBe(true);
    expect(fitInMemory([{ width: 10_980, height: 10_980 }], 13)).toBe(false);
    for (const channels of [1, 13, 200]) {
      const { windows, side } = windowPool(channels, 20);
      expect(windows * side * side * (4 * channels + 1)).toBeLessThanOrEqual(256 * 2 ** 20);
      expect(side).toBeGreaterThanOrEqual(20);
    }
  });
});

test('sampled pixels are valid ones of the scene', async () => {
  const places = createPlaces([scene('half')], { side: 10, seed: 1 });
  const sample = await samplePixels([half], [[1, 2]], places);
  expect(sample.count).toBeGreaterThan(5000);
  expect(sample.count).toBeLessThan(40_000);
  const { bands } = await half.readWindow({ col: 60, row: 0, width: 60, height });
  const known = new Set(bands[1]);
  expect(sample.bands[1]?.every((value) => known.has(value))).toBe(true);
});
