import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import type { Normalisation } from '../../electron/contract/encoder.ts';
import { normalisationSchema } from '../../electron/contract/encoder.ts';
import { chooseTransforms, dataKind } from '../../electron/feed/chooseTransforms.ts';
import { applyNormalisation, fitNormalisation, matchBands } from '../../electron/feed/normalise.ts';
import { openSource } from '../../electron/feed/source.ts';
import { arrayRaster } from '../support/arrayRaster.ts';
import { expectClose } from '../support/expectClose.ts';

const count = 4000;
const make = (value: (i: number) => number) => Float32Array.from({ length: count }, (_, i) => value(i));
const sampleOf = (bands: readonly Float32Array[]) => ({ bands, count });
const kinds = (bands: readonly Float32Array[], sensor: string | null = null) =>
  chooseTransforms(sampleOf(bands), sensor).map((t) => t.kind);

/** Multi-look coherency matrices of random scatterers: averages of outer products, so they obey Cauchy and Schwarz. */
function coherency(looks: number): Float32Array[] {
  const prng = prngFrom('coherency');
  const bands = Array.from({ length: 9 }, () => new Float32Array(count));
  for (let p = 0; p < count; p++) {
    const power = Math.exp(3 * prng.normal());
    const sum = new Array<number>(9).fill(0);
    for (let l = 0; l < looks; l++) {
      const re = [1, 0.5, 0.2].map((a) => Math.sqrt(a * power) * prng.normal());
      const im = [1, 0.5, 0.2].map((a) => Math.sqrt(a * power) * prng.normal());
      // A share of the first channel leaks into the second, so that they correlate.
      re[1] = (re[1] ?? 0) + 0.6 * (re[0] ?? 0);
      im[1] = (im[1] ?? 0) + 0.6 * (im[0] ?? 0);
      const at = (v: number[], i: number) => v[i] ?? 0;
      for (let i = 0; i < 3; i++) sum[i] = (sum[i] ?? 0) + at(re, i) ** 2 + at(im, i) ** 2;
      [
        [0, 1],
        [0, 2],
        [1, 2],
      ].forEach(([i = 0, j = 0], k) => {
        sum[3 + 2 * k] = (sum[3 + 2 * k] ?? 0) + at(re, i) * at(re, j) + at(im, i) * at(im, j);
        sum[4 + 2 * k] = (sum[4 + 2 * k] ?? 0) + at(im, i) * at(re, j) - at(re, i) * at(im, j);
      });
    }
    for (let b = 0; b < 9; b++) (bands[b] as Float32Array)[p] = (sum[b] ?? 0) / looks;
  }
  return bands;
}
const t3 = coherency(4);
const band = (i: number) => t3[i] as Float32Array;

describe('chooseTransforms', () => {
  test('recognises a coherency matrix in both orders of its nine bands', () => {
    const expected = ['log', 'log', 'log', 'cross', 'cross', 'cross', 'cross', 'cross', 'cross'];
    expect(kinds(t3)).toEqual(expected);
    expect(chooseTransforms(sampleOf(t3), null)[7]).toMatchObject({ kind: 'cross', powers: [1, 2] });
    const byRow = [0, 3, 4, 5, 6, 1, 7, 8, 2].map(band);
    expect(kinds(byRow)).toEqual(byRow.map((b) => expected[t3.indexOf(b)]));
    expect(chooseTransforms(sampleOf(byRow), null)[3]).toMatchObject({ kind: 'cross', powers: [0, 8] });
  });

  test('knows powers by their speckle without a sensor, and leaves noisy reflectance alone', () => {
    const prng = prngFrom('speckle');
    // Fields of 40 pixels in a row. Four looks: a gamma factor of mean 1 as a mean of four exponentials.
    const exponential = () => -Math.log(1 - prng.uniform());
    const looks = () => (exponential() + exponential() + exponential() + exponential()) / 4;
    const field = (low: number, high: number) => {
      const levels = Array.from({ length: count / 40 }, () => low + (high - low) * prng.uniform());
      return (i: number) => levels[Math.floor(i / 40)] ?? 0;
    };
    const [vv, vh] = [field(0.05, 0.3), field(0.005, 0.05)];
    expect(kinds([make((i) => vv(i) * looks()), make((i) => vh(i) * looks())])).toEqual(['log', 'log']);
    const [red, infrared] = [field(0.02, 0.2), field(0.2, 0.5)];
    const noisy = (of: (i: number) => number) => make((i) => Math.max(0, of(i) + 0.01 * prng.normal()));
    expect(kinds([noisy(red), noisy(infrared)])).toEqual(['linear', 'linear']);
  });

  test('does not see a matrix where the inequality fails', () => {
    // The same values with one cross term of another pixel: marginals alike, the matrix gone.
    const broken = t3.map((values, b) => (b === 3 ? make((i) => values[(i + 1) % count] as number) : values));
    expect(kinds(broken)).toEqual(['log', 'log', 'log', ...Array(6).fill('asinh')]);
  });

  test('leaves reflectance, integers and indices linear, and takes the logarithm of powers', () => {
    const prng = prngFrom('bands');
    const reflectance = make(() => 0.1 + 0.05 * prng.uniform());
    const clouded = make(() => Math.round(900 + 200 * prng.normal() + (prng.uniform() < 0.03 ? 9000 : 0)));
    const index = make(() => Math.tanh(prng.normal()));
    const power = make(() => Math.exp(2 * prng.normal()));
    const signed = make(() => prng.normal() * Math.exp(2 * prng.normal()));
    expect(kinds([reflectance, clouded, index])).toEqual(['linear', 'linear', 'linear']);
    expect(kinds([power, signed])).toEqual(['log', 'asinh']);
    // One heavy band among reflectances, such as cirrus, makes no radar scene.
    expect(kinds([reflectance, reflectance, power])).toEqual(['linear', 'linear', 'linear']);
    expect(kinds([power, clouded], 'sentinel-2-l2a')).toEqual(['linear', 'linear']);
    expect(kinds([make((i) => 1 + (i % 7)), make((i) => -10 - (i % 7))], 'sentinel-1')).toEqual([
      'log',
      'linear',
    ]);
  });

  test('tells radar from optical', () => {
    expect(dataKind(chooseTransforms(sampleOf(t3), null), null)).toBe('radar');
    expect(dataKind([{ kind: 'linear' }], null)).toBe('optical');
    expect(dataKind([{ kind: 'linear' }], 'sentinel-1')).toBe('radar');
  });

  const flevoland = join('..', 'shared', 'data', 'flevoland-west', 't3_9band_float32.tif');
  test.skipIf(!existsSync(flevoland))(
    'recognises the Flevoland scene (skipped when it is absent)',
    async () => {
      const reader = await openSource({ scene: 'f', files: [flevoland], sensor: null, date: null });
      const { bands, valid } = await reader.readWindow({ col: 100, row: 100, width: 200, height: 200 });
      await reader.dispose();
      const sample = { bands: bands.map((b) => Float32Array.from(b)), count: valid.length };
      const normal = fitNormalisation(sample, reader.info, { sensor: null });
      expect(normal.bands.map((b) => b.transform.kind)).toEqual([
        ...Array(3).fill('log'),
        ...Array(6).fill('cross'),
      ]);
    },
  );
});

describe('normalisation', () => {
  const reader = arrayRaster({ width: 80, height: 50, bands: t3 });

  test('gives bands of mean 0 and standard deviation 1, by the stated formulas', async () => {
    const record = fitNormalisation(sampleOf(t3), reader.info, { sensor: null });
    const pixels = await reader.readWindow({ col: 0, row: 0, width: 80, height: 50 });
    const out = applyNormalisation(record, pixels);
    for (let b = 0; b < 9; b++) {
      const values = Array.from({ length: count }, (_, i) => out[i * 9 + b] as number);
      const mean = values.reduce((a, v) => a + v, 0) / count;
      const variance = values.reduce((a, v) => a + (v - mean) ** 2, 0) / count;
      expectClose([mean, variance], [0, 1], { abs: 1e-4 });
    }
    const p = 1234;
    const correlation = (band(3)[p] as number) / Math.sqrt((band(0)[p] as number) * (band(1)[p] as number));
    const log = record.bands[0];
    const cross = record.bands[3];
    expectClose(
      [out[p * 9] as number, out[p * 9 + 3] as number],
      [
        (Math.log(band(0)[p] as number) - (log?.mean ?? 0)) / (log?.std ?? 0),
        (correlation - (cross?.mean ?? 0)) / (cross?.std ?? 0),
      ],
      { rel: 1e-4, abs: 1e-5 },
    );
  });

  test('is plain data: through JSON it does the same, and its schema accepts it', async () => {
    const record = fitNormalisation(sampleOf(t3), reader.info, { sensor: 'polsar-t3' });
    const back: Normalisation = normalisationSchema.parse(JSON.parse(JSON.stringify(record)));
    expect(back).toEqual(record);
  });

  test('invalid pixels become 0 in every band, also when they are not finite', () => {
    const record = fitNormalisation(
      sampleOf([band(0), band(1)]),
      arrayRaster({ width: 80, height: 50, bands: [band(0), band(1)] }).info,
      {
        sensor: null,
      },
    );
    const pixels = {
      width: 2,
      height: 1,
      bands: [new Float32Array([Number.NaN, 3]), new Float32Array([5, 3])],
      valid: new Uint8Array([0, 1]),
    };
    const out = applyNormalisation(record, pixels);
    expect([...out.subarray(0, 2)]).toEqual([0, 0]);
    expect(Number.isFinite(out[2]) && out[2] !== 0).toBe(true);
  });

  test('robust statistics are not moved by a few gross errors', () => {
    const prng = prngFrom('robust');
    const values = make((i) => (i % 50 === 0 ? 30_000 : Math.round(1000 + 100 * prng.normal())));
    const info = arrayRaster({ width: 80, height: 50, bands: [values] }).info;
    const plain = fitNormalisation(sampleOf([values]), info, { sensor: null }).bands[0];
    const robust = fitNormalisation(sampleOf([values]), info, { sensor: null, robust: true }).bands[0];
    expect(plain?.std).toBeGreaterThan(3000);
    expectClose([robust?.mean ?? 0, robust?.std ?? 0], [1000, 100], { rel: 0.06 });
  });

  test('a constant band becomes 0, no pixel at all is refused', () => {
    const flat = make(() => 7);
    const info = arrayRaster({ width: 80, height: 50, bands: [flat] }).info;
    const record = fitNormalisation(sampleOf([flat]), info, { sensor: null });
    expect(record.bands[0]).toMatchObject({ mean: 7, std: 1 });
    expect(() =>
      fitNormalisation({ bands: [new Float32Array(0)], count: 0 }, info, { sensor: null }),
    ).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  test('bands are matched by name, then by number; anything else is refused with the way out', () => {
    const bands = [band(0), band(1)];
    const named = (names: (string | null)[], n = 2) =>
      arrayRaster({ width: 80, height: 50, bands: t3.slice(0, n), names }).info;
    const record = fitNormalisation(sampleOf(bands), named(['B04', 'B08']), { sensor: null });
    expect(matchBands(record, named(['B08', 'B03', 'B04'], 3))).toEqual([3, 1]);
    expect(matchBands(record, named([null, null]))).toEqual([1, 2]);
    expect(() => matchBands(record, named(['B01', 'B02', 'B03'], 3))).toThrow(
      expect.objectContaining({ code: 'mismatch', remedy: expect.stringContaining('bands') }),
    );
  });
});
