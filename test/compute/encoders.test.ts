import { describe, expect, it } from 'vitest';
import '../../electron/compute/gradients/register.ts';
import { prngFrom } from '../../electron/base/prng.ts';
import { buildEncoder, type Encoder } from '../../electron/compute/encoders/encoder.ts';
import { normal, prefixed } from '../../electron/compute/layers/arrays.ts';
import { inferencePass, trainingPass } from '../../electron/compute/layers/pass.ts';
import type { Arrays, NdArray } from '../../electron/compute/step.ts';
import type { EncoderId } from '../../electron/contract/catalog/ids.ts';
import { expectClose } from '../support/expectClose.ts';
import { tf, toTree } from '../support/tensors.ts';

const prng = prngFrom('encoders');
/** Narrow encoders: geometry and arithmetic do not depend on the width. ResNet's stages of width 16 are its smallest. */
const choices: readonly { id: EncoderId; bands: number; values: Record<string, number | string> }[] = [
  { id: 'dense', bands: 3, values: { width: 8, dimension: 8 } },
  { id: 'dense', bands: 1, values: { width: 8, layers: 2, dimension: 8 } },
  { id: 'spectral', bands: 24, values: { width: 8, dimension: 8 } },
];
const encoders = choices.map(({ id, bands, values }) => buildEncoder(id, bands, values));
const resnet = buildEncoder('resnet18', 2);

/** Weights with running statistics that differ from 0 and 1, so that folding has something to do. */
function weightsOf(encoder: Encoder): Arrays {
  const arrays: Record<string, NdArray> = { ...encoder.init(prngFrom('weights', encoder.id)) };
  for (const [name, { shape }] of Object.entries(arrays)) {
    if (/(gamma|beta|mean|b)$/.test(name)) arrays[name] = normal(shape, 0.3, prng);
    if (name.endsWith('variance'))
      arrays[name] = { shape, data: normal(shape, 0.2, prng).data.map(Math.exp) };
  }
  return arrays;
}

/** A dense map of a whole image, its border filled by nothing: only the interior is answered. */
function mapOf(encoder: Encoder, folded: Arrays, x: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => encoder.forward(inferencePass(toTree(folded), '', 'map'), x).map);
}
const image = (size: number, bands: number, seed: string) =>
  tf.tensor4d(normal([1, size, size, bands], 1, prngFrom(seed)).data, [1, size, size, bands]);

describe.each(encoders.map((encoder, i) => ({ name: `${encoder.id} ${i}`, encoder })))(
  '$name',
  ({ encoder }) => {
    const folded = encoder.fold(weightsOf(encoder));

    it('sees exactly its receptive field', () => {
      const size = encoder.receptiveField + 4;
      const x = image(size, encoder.bands, 'field');
      const before = mapOf(encoder, folded, x);
      expect(before.shape).toEqual([1, 5, 5, encoder.dim]);
      const changed = (row: number, col: number): number => {
        const spike = tf.buffer([1, size, size, encoder.bands]);
        for (let b = 0; b < encoder.bands; b++) spike.set(50, 0, row, col, b);
        const after = mapOf(encoder, folded, tf.add(x, spike.toTensor()));
        // The feature in the middle of the map belongs to the pixel in the middle of the image.
        const at = [0, 2, 2, 0];
        const difference = tf.slice(tf.abs(tf.sub(after, before)), at, [1, 1, 1, encoder.dim]);
        return Math.max(...difference.dataSync());
      };
      const middle = (size - 1) / 2;
      expect(changed(middle - encoder.halo, middle - encoder.halo)).toBeGreaterThan(0);
      expect(changed(middle + encoder.halo, middle)).toBeGreaterThan(0);
      expect(changed(middle - encoder.halo - 1, middle)).toBe(0);
      expect(changed(middle, middle + encoder.halo + 1)).toBe(0);
    });

    it('maps block by block as it maps the whole', () => {
      const side = 9;
      const size = side + 2 * encoder.halo;
      const x = image(size, encoder.bands, 'blocks');
      const whole = mapOf(encoder, folded, x);
      const reach = 2 * encoder.halo;
      const block = tf.slice(x, [0, 3, 5, 0], [1, 4 + reach, 3 + reach, encoder.bands]) as tf.Tensor4D;
      const features = mapOf(encoder, folded, block);
      expectClose(features.dataSync(), tf.slice(whole, [0, 3, 5, 0], [1, 4, 3, encoder.dim]).dataSync(), {
        rel: 0,
        abs: 0,
      });
    });

    it('folds normalisation without changing the answer', () => {
      const arrays = weightsOf(encoder);
      const x = image(8, encoder.bands, 'fold');
      // In float64 terms: batch statistics of this very input, stored as running ones, must give the training output.
      const record = {};
      const trained = encoder.forward(trainingPass(toTree(prefixed('e/', arrays)), 'e/', record), x);
      const learnt = Object.fromEntries(
        Object.entries(encoder.statistics).map(([name]) => [name, statistic(record, arrays, name, x)]),
      );
      const serving = toTree(encoder.fold({ ...arrays, ...learnt }));
      const features = encoder.forward(inferencePass(serving, '', 'tile'), x).pooled;
      expectClose(features.dataSync(), trained.pooled.dataSync(), { rel: 2e-3, abs: 2e-3 });
    });

    it('counts its parameters', () => {
      const total = Object.entries(encoder.init(prng))
        .filter(([name]) => name in encoder.parameters)
        .reduce((sum, [, { data }]) => sum + data.length, 0);
      expect(encoder.parameterCount).toBe(total);
    });
  },
);

/** The batch's biased statistic, recovered from the running one: 0.9·old + 0.1·new, unbiased variance. */
function statistic(record: Record<string, tf.Tensor>, arrays: Arrays, name: string, x: tf.Tensor4D): NdArray {
  const old = arrays[name]?.data ?? new Float32Array();
  const now = record[`e/${name}`]?.dataSync() ?? new Float32Array();
  const positions = name.startsWith('spectrum') ? spectrumPositions(name, x.shape) : x.shape[1] * x.shape[2];
  const biased = name.endsWith('variance') ? (positions - 1) / positions : 1;
  const data = Float32Array.from(old, (v, i) => (((now[i] as number) - 0.9 * v) / 0.1) * biased);
  return { shape: [data.length], data };
}
function spectrumPositions(name: string, [, h, w, bands]: number[]): number {
  const stride = name.includes('conv1') ? 4 : name.includes('conv2') ? 8 : 16;
  return (h as number) * (w as number) * Math.ceil((bands as number) / stride);
}

describe('dense', () => {
  it('has the geometry and cost of five 3×3 layers and a 1×1, counted by hand', () => {
    const encoder = buildEncoder('dense', 12);
    expect(encoder).toMatchObject({ receptiveField: 11, halo: 5, stride: 1, dim: 128 });
    const body = 9 * (12 * 64 + 4 * 64 * 64);
    expect(encoder.parameterCount).toBe(body + 64 * 128 + 5 * 2 * 64);
    expect(encoder.flops(16, 16)).toBe(2 * 256 * (body + 64 * 128));
    expect(encoder.flops(16, 16, { dense: true })).toBe(encoder.flops(16, 16));
  });
});

describe('resnet18', () => {
  it('has the published size and cost', () => {
    expect(resnet).toMatchObject({ receptiveField: 109, halo: 54, stride: 8, dim: 128 });
    // 11.2 M parameters and 1.12 GFLOP (multiply-adds twice) at width 64, 32 px, 13 bands; 0.70 M and 0.073 at width 16.
    const wide = buildEncoder('resnet18', 13, { width: '64' });
    expect(wide.parameterCount / 1e6).toBeCloseTo(11.2, 1);
    expect(wide.flops(32, 32) / 1e9).toBeCloseTo(1.12, 2);
    const narrow = buildEncoder('resnet18', 13, { width: '16' });
    expect(narrow.parameterCount / 1e6).toBeCloseTo(0.7, 2);
    expect(narrow.flops(32, 32) / 1e9).toBeCloseTo(0.073, 3);
  });
  it('starts residual branches at zero when asked', () => {
    const last = (zeroResidual: boolean) =>
      resnet.init(prngFrom(1), { zeroResidual })['stage1/0/b/gamma']?.data.every((v) => v === 0);
    expect([last(true), last(false)]).toEqual([true, false]);
  });
});

describe('spectral', () => {
  it.each([1, 4, 100, 224, 300])('reads %i bands', (bands) => {
    const encoder = buildEncoder('spectral', bands, { width: 8, dimension: 8 });
    expect(encoder.receptiveField).toBe(5);
    const { map } = encoder.forward(
      inferencePass(toTree(encoder.fold(encoder.init(prng))), '', 'map'),
      image(6, bands, 's'),
    );
    expect(map.shape).toEqual([1, 2, 2, 8]);
  });
});

describe('refusals', () => {
  it('names a number of bands or a width that cannot be', () => {
    expect(() => buildEncoder('dense', 0)).toThrow(/at least one band, not 0/);
    expect(() => buildEncoder('resnet18', 3, { width: '20' })).toThrow(/one of 16, 32, 64/);
  });
});
