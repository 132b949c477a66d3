import { describe, expect, test } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import { createAugmenter } from '../../electron/feed/augment/augmenter.ts';
import { chooseTransforms, dataKind } from '../../electron/feed/chooseTransforms.ts';
import { fitNormalisation } from '../../electron/feed/normalise.ts';
import { createPlaces } from '../../electron/feed/places.ts';
import { assertSameUnits } from '../../electron/feed/sameUnits.ts';
import { samplePixels } from '../../electron/feed/samplePixels.ts';
import { decideUnits } from '../../electron/feed/units.ts';
import type { BandInfo, RasterInfo, RasterReader } from '../../electron/raster/types.ts';
import { arrayRaster } from '../support/arrayRaster.ts';
import { expectClose } from '../support/expectClose.ts';

const [width, height] = [64, 48];
const prng = prngFrom('units');
const make = (value: () => number) => Float32Array.from({ length: width * height }, value);
const reflectance = (mean: number) => make(() => mean * (0.5 + prng.uniform()));

/** The same pixels under other facts. */
function stating(
  reader: RasterReader,
  info: Partial<RasterInfo>,
  band: Partial<BandInfo> = {},
): RasterReader {
  const bands = reader.info.bands.map((own) => ({ ...own, ...band }));
  return { ...reader, info: { ...reader.info, bands, ...info } };
}
const numbers = (raise: number) =>
  stating(
    arrayRaster({
      width,
      height,
      bands: [0.05, 0.08, 0.3].map((mean) => reflectance(mean).map((v) => Math.round(1e4 * v) + raise)),
    }),
    {},
    { dtype: 'uint16' },
  );
const s2 = { sensor: 'sentinel-2-l2a', date: null };

describe('units', () => {
  const half = { scale: 1e-4, offset: 0 };
  const raised = { scale: 1e-4, offset: -0.1 };
  test.each([
    ['no sensor', numbers(0), { sensor: null, date: null }, null],
    ['a sensor without a preset', numbers(0), { sensor: 'rgb-nir', date: null }, null],
    ['reflectance as such', stating(numbers(0), {}, { dtype: 'float32' }), s2, null],
    ['an old baseline', stating(numbers(0), { metadata: { PROCESSING_BASELINE: '03.01' } }), s2, half],
    ['a new baseline', stating(numbers(1000), { metadata: { PROCESSING_BASELINE: '05.09' } }), s2, raised],
    ['a product name', stating(numbers(1000), { path: '/S2A_MSIL2A_20230701T1_N0509_R022.tif' }), s2, raised],
    ['a date before', numbers(0), { ...s2, date: '2022-01-24' }, half],
    ['a date since', numbers(1000), { ...s2, date: '2022-01-25' }, raised],
    ['a date since, offset taken off by the provider', numbers(0), { ...s2, date: '2023-06-01' }, half],
    [
      'the file itself',
      stating(numbers(0), {}, { scale: 2.75e-5, offset: -0.2 }),
      s2,
      { scale: 2.75e-5, offset: -0.2 },
    ],
    ['the user', numbers(0), { ...s2, offset: -0.1 }, raised],
  ] as const)('%s decides', async (_, reader, facts, expected) => {
    const units = await decideUnits(reader, facts);
    expect(units).toEqual(expected && reader.info.bands.map(() => expected));
  });
});

const normalised = async (reader: RasterReader) => {
  const places = createPlaces([{ name: 'a', width, height, regions: [] }], { side: 16, seed: 1 });
  const all = reader.info.bands.map((b) => b.index);
  return fitNormalisation(await samplePixels([reader], [all], places), reader.info, { sensor: null });
};

describe('a scene in other units than the model', () => {
  const raster = (factor: number) =>
    arrayRaster({
      width,
      height,
      bands: [0.05, 0.08, 0.3].map((m) => reflectance(m).map((v) => v * factor)),
    });
  test('is refused both ways, with the way out; another season is not', async () => {
    const record = await normalised(raster(1));
    expect(record.bands[2]).toMatchObject({ scale: 1, offset: 0 });
    expectClose([record.bands[2]?.median ?? 0], [0.3], { rel: 0.05 });
    for (const factor of [1e4, 1e-4])
      await expect(assertSameUnits(record, raster(factor), [1, 2, 3])).rejects.toMatchObject({
        code: 'mismatch',
        remedy: expect.stringContaining('--scale'),
      });
    await assertSameUnits(record, raster(4), [1, 2, 3]);
    await assertSameUnits(record, raster(0.2), [1, 2, 3]);
  });

  test('values about zero are not judged by their ratio', async () => {
    const centred = (shift: number) =>
      arrayRaster({ width, height, bands: [make(() => prng.normal() + shift)] });
    await assertSameUnits(await normalised(centred(0.001)), centred(0.5), [1]);
  });
});

describe('radar in decibels', () => {
  const speckled = (db: number) => make(() => db + 3 * prng.normal());
  const sample = (bands: Float32Array[]) => ({ bands, count: width * height });
  test('is recognised without a sensor, and nothing else is taken for it', () => {
    const kinds = (...bands: Float32Array[]) => chooseTransforms(sample(bands), null);
    expect(kinds(speckled(-9), speckled(-16)).map((t) => t.kind)).toEqual(['decibel', 'decibel']);
    expect(dataKind(kinds(speckled(-9), speckled(-16), speckled(7)), null)).toBe('radar');
    for (const other of [
      [make(() => prng.normal()), make(() => prng.normal())],
      [make(() => 0.6 * prng.uniform() - 0.3)],
      [reflectance(0.3), speckled(-9)],
      [speckled(-9), make(() => 38 + prng.normal())],
    ])
      expect(dataKind(kinds(...other), null)).toBe('optical');
    expect(
      kinds(
        make(() => -9),
        speckled(-16),
      ).map((t) => t.kind),
    ).toEqual(['linear', 'linear']);
  });

  test('a gain acts on the power: it adds decibels', async () => {
    const reader = arrayRaster({ width, height, bands: [speckled(-9)] });
    const record = await normalised(reader);
    expect(record.bands[0]?.transform.kind).toBe('decibel');
    const chosen = [{ id: 'gain', values: { strength: 0.3, probability: 1 } }] as const;
    const augmenter = createAugmenter(chosen, { tile: 4, record, seed: 1 });
    const pixels = Float32Array.from({ length: 16 }, () => prng.normal());
    const out = new Float32Array(16);
    augmenter.fill({ pixels: out, start: 0, side: 4, bands: 1 }, { pixels, side: 4 }, prngFrom(3));
    const shifts = Array.from(out, (v, i) => v - (pixels[i] ?? 0));
    expect(Math.abs(shifts[0] ?? 0)).toBeGreaterThan(1e-3);
    expectClose(
      shifts,
      shifts.map(() => shifts[0] ?? 0),
      { abs: 1e-5 },
    );
  });
});
