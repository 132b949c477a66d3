import { describe, expect, it } from 'vitest';
import { must } from '../../electron/base/assert.ts';
import { prngFrom } from '../../electron/base/prng.ts';
import { buildEncoder } from '../../electron/compute/encoders/encoder.ts';
import type { EncoderId } from '../../electron/contract/catalog/ids.ts';
import type { EncoderRecord, Normalisation } from '../../electron/contract/encoder.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import type { Window } from '../../electron/raster/types.ts';
import { type FeatureMaker, openFeatures, type Projection } from '../../electron/work/features.ts';
import { rawMaker } from '../../electron/work/rawBands.ts';
import { arrayRaster } from '../support/arrayRaster.ts';
import { expectClose } from '../support/expectClose.ts';

const width = 40;
const height = 30;
const bands = 3;
const prng = prngFrom(11);
const noise = Array.from({ length: bands }, () =>
  Float32Array.from({ length: width * height }, () => prng.normal()),
);
const holes = Uint8Array.from({ length: width * height }, (_, i) => (i % 37 === 0 ? 0 : 1));
const reader = arrayRaster({ width, height, bands: noise, valid: holes });
const engine = createEngine();
const normalisation: Normalisation = {
  version: 1,
  sensor: null,
  bands: noise.map(() => ({
    name: null,
    wavelengthNm: null,
    transform: { kind: 'linear' },
    mean: 0.25,
    std: 2,
  })),
  robust: false,
  samples: 1,
};

function encoderMaker(
  id: EncoderId,
  settings: Record<string, number | string>,
  radii: number[],
): FeatureMaker {
  const encoder = buildEncoder(id, bands, settings);
  const record = { encoder: id, settings, dimension: encoder.dim } as unknown as EncoderRecord;
  const weights = encoder.init(prngFrom(3));
  return { recipe: { from: 'encoder', radii }, normalisation, encoder: { record, weights } };
}

function joined(maker: FeatureMaker): FeatureMaker {
  return { ...maker, recipe: { ...maker.recipe, bandRadius: 1 } };
}

async function readAll(
  maker: FeatureMaker,
  side: { width: number; height: number },
  projection?: Projection,
) {
  const features = await openFeatures(maker, { reader, engine, device: 'cpu', block: side, projection });
  const { dim } = features;
  const values = new Float32Array(width * height * dim);
  const valid = new Uint8Array(width * height);
  try {
    for (let row = 0; row < height; row += side.height) {
      for (let col = 0; col < width; col += side.width) {
        const block: Window = { col, row, ...side };
        const part = await features.read(block);
        for (let y = 0; y < side.height && row + y < height; y++) {
          const inside = Math.min(side.width, width - col);
          const from = y * side.width;
          const to = (row + y) * width + col;
          values.set(part.values.subarray(from * dim, (from + inside) * dim), to * dim);
          valid.set(part.valid.subarray(from, from + inside), to);
        }
      }
    }
  } finally {
    await features.dispose();
  }
  return { values, valid, dim };
}

const makers: [string, FeatureMaker][] = [
  ['bands', { recipe: { from: 'bands', radii: [0] }, normalisation, encoder: null }],
  ['averaged bands', { recipe: { from: 'bands', radii: [2] }, normalisation, encoder: null }],
  ['statistics', { recipe: { from: 'statistics', radii: [5] }, normalisation, encoder: null }],
  ['the dense encoder', encoderMaker('dense', { width: 16, layers: 3, dimension: 16 }, [0, 2])],
  [
    'the dense encoder joined by bands',
    joined(encoderMaker('dense', { width: 16, layers: 2, dimension: 8 }, [2, 3])),
  ],
  ['a strided encoder made dense', encoderMaker('resnet18', { width: '16' }, [1])],
];

describe('block by block equals the whole image', () => {
  it.each(makers)('with %s', async (_, maker) => {
    const whole = await readAll(maker, { width, height });
    // 17 divides neither side, so that the last blocks reach over the border.
    const blocks = await readAll(maker, { width: 17, height: 13 });
    expect(whole.values.some((v) => v !== 0)).toBe(true);
    expect(blocks.valid).toEqual(whole.valid);
    expectClose(blocks.values, whole.values, { rel: 1e-5, abs: 1e-6 });
  });
});

describe('features', () => {
  it('are refused on a scene in other units than the model learnt', async () => {
    const scaled = (factor: number) =>
      arrayRaster({ width, height, bands: noise.map((band) => band.map((v) => factor * (0.2 + 0.02 * v))) });
    const signal = new AbortController().signal;
    const maker = await rawMaker(scaled(1), null, { from: 'bands', radii: [0] }, signal);
    const options = { engine, device: 'cpu', block: { width, height } } as const;
    await expect(openFeatures(maker, { ...options, reader: scaled(1e4) })).rejects.toMatchObject({
      code: 'mismatch',
      message: expect.stringContaining('other units'),
    });
    await (await openFeatures(maker, { ...options, reader: scaled(3) })).dispose();
  });

  it('mark what is nodata, and keep it out of means', async () => {
    const { valid } = await readAll(makers[0]?.[1] as FeatureMaker, { width, height });
    expect(valid).toEqual(holes);
    const spiked = noise.map((band) => band.map((v, i) => (holes[i] ? v : 1e6)));
    const other = arrayRaster({ width, height, bands: spiked, valid: holes });
    const maker = must(makers[1], 'maker')[1];
    const open = (from: typeof reader) =>
      openFeatures(maker, { reader: from, engine, device: 'cpu', block: { width, height } });
    const [a, b] = [await open(reader), await open(other)];
    const whole = { col: 0, row: 0, width, height };
    expectClose((await b.read(whole)).values, (await a.read(whole)).values);
  });

  it('are local means and standard deviations of the normalised bands', async () => {
    const { values, dim } = await readAll(must(makers[2], 'maker')[1], { width, height });
    expect(dim).toBe(2 * bands);
    const [x, y] = [20, 15];
    const around: number[] = [];
    for (let v = y - 5; v <= y + 5; v++) {
      for (let u = x - 5; u <= x + 5; u++) {
        if (holes[v * width + u]) around.push(((noise[1]?.[v * width + u] ?? 0) - 0.25) / 2);
      }
    }
    const mean = around.reduce((a, b) => a + b, 0) / around.length;
    const std = Math.sqrt(around.reduce((a, b) => a + (b - mean) ** 2, 0) / around.length);
    const at = (y * width + x) * dim;
    expectClose([values[at + 1] ?? 0, values[at + bands + 1] ?? 0], [mean, std], { rel: 1e-4 });
  });

  it('end with the means of the bands where these are joined', async () => {
    const maker = joined(encoderMaker('dense', { width: 16, layers: 2, dimension: 8 }, [2]));
    const { values, dim } = await readAll(maker, { width, height });
    const own: FeatureMaker = { recipe: { from: 'bands', radii: [1] }, normalisation, encoder: null };
    const plain = await readAll(own, { width, height });
    expect(dim).toBe(8 + bands);
    const last = values.filter((_, i) => i % dim >= 8);
    expectClose(last, plain.values, { rel: 1e-5, abs: 1e-6 });
  });

  it.each(makers.filter(([name]) => name !== 'statistics'))(
    'with %s: projecting first and averaging then is averaging first and projecting then',
    async (_, maker) => {
      const { values, dim } = await readAll(maker, { width, height });
      const outputs = 4;
      const w = Float32Array.from({ length: dim * outputs }, (__, i) => Math.sin(i));
      const projected = await readAll(maker, { width, height }, { w, outputs });
      const expected = new Float32Array(width * height * outputs);
      for (let i = 0; i < width * height; i++) {
        for (let k = 0; k < outputs; k++) {
          let sum = 0;
          for (let j = 0; j < dim; j++) sum += (values[i * dim + j] ?? 0) * (w[j * outputs + k] ?? 0);
          expected[i * outputs + k] = sum;
        }
      }
      const size = Math.sqrt(expected.reduce((sum, v) => sum + v * v, 0) / expected.length);
      expectClose(projected.values, expected, { rel: 1e-4, abs: 1e-4 * size });
    },
  );
});
