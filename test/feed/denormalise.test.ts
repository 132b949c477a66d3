import { expect, test } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import type { BandTransform, Normalisation } from '../../electron/contract/encoder.ts';
import { toStored } from '../../electron/feed/denormalise.ts';
import { applyNormalisation } from '../../electron/feed/normalise.ts';
import { expectClose } from '../support/expectClose.ts';

test('is the way back for every transform, to the numbers of the file', () => {
  const prng = prngFrom('back');
  const count = 50;
  const make = (value: () => number) => Float32Array.from({ length: count }, value);
  const powers = [make(() => Math.exp(prng.normal())), make(() => Math.exp(prng.normal()))];
  const cross = make(() => 0).map(
    (_, i) => (2 * prng.uniform() - 1) * Math.sqrt((powers[0]?.[i] ?? 0) * (powers[1]?.[i] ?? 0)),
  );
  const bands = [...powers, cross, make(() => prng.normal()), make(() => prng.normal()), make(() => -9)];
  const transforms: BandTransform[] = [
    { kind: 'log', floor: 1e-6 },
    { kind: 'log', floor: 1e-6 },
    { kind: 'cross', powers: [0, 1], floor: 1e-12 },
    { kind: 'asinh', scale: 0.3 },
    { kind: 'linear' },
    { kind: 'decibel' },
  ];
  const record: Normalisation = {
    ...{ version: 1, sensor: null, robust: false, samples: count },
    bands: transforms.map((transform, i) => ({
      ...{ name: null, wavelengthNm: null, transform, mean: 0.1 * i, std: 1 + i },
      // The last but one band is stored in ten thousandths, raised by a thousand.
      ...(i === 4 ? { scale: 1e-4, offset: -0.1 } : {}),
    })),
  };
  const pixels = { width: 10, height: 5, bands, valid: new Uint8Array(count).fill(1) };
  const columns = [4, 2, 0, 3, 5];
  const out = new Float32Array(count * 6);
  toStored(record, applyNormalisation(record, pixels), columns, out);
  const expected = columns
    .map((c) => bands[c] as Float32Array)
    .map((b, k) => (k === 0 ? b.map((v) => (v + 0.1) / 1e-4) : b));
  for (const [k, band] of expected.entries())
    expectClose(
      Array.from({ length: count }, (_, i) => out[i * 6 + k] ?? 0),
      [...band],
      { rel: 1e-4, abs: 1e-4 },
    );
  expect(Array.from({ length: count }, (_, i) => out[i * 6 + 5])).toEqual(Array(count).fill(1));
});
