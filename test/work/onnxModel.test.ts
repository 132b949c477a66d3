/** A trained model as ONNX, run by onnxruntime, against what the map makes of the same pixels. */
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { must } from '../../electron/base/assert.ts';
import { prngFrom } from '../../electron/base/prng.ts';
import { buildEncoder } from '../../electron/compute/encoders/encoder.ts';
import type { Arrays } from '../../electron/compute/step.ts';
import type { BandTransform, EncoderRecord } from '../../electron/contract/encoder.ts';
import type { FeatureRecipe, ModelRecord } from '../../electron/contract/model.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import { temper } from '../../electron/work/accuracy/calibration.ts';
import { featureDim, openFeatures } from '../../electron/work/features.ts';
import { loadHead } from '../../electron/work/heads/load.ts';
import { type ModelFile, makerOf } from '../../electron/work/modelFile.ts';
import { onnxEncoder, onnxModel } from '../../electron/work/onnxSpec.ts';
import { arrayRaster } from '../support/arrayRaster.ts';
import { expectClose } from '../support/expectClose.ts';

const side = 40;
const classes = 3;
const engine = createEngine();
const transforms: readonly BandTransform[] = [
  { kind: 'log', floor: 1e-3 },
  { kind: 'linear' },
  { kind: 'asinh', scale: 0.4 },
  { kind: 'cross', powers: [0, 1], floor: 1e-6 },
];
const bands = transforms.length;

/** Stored numbers; what is physical is half of them and a tenth. */
const prng = prngFrom(5);
const stored = transforms.map(() =>
  Float32Array.from({ length: side * side }, () => Math.abs(prng.normal()) + 0.1),
);
const reader = arrayRaster({
  width: side,
  height: side,
  bands: stored.map((band) => band.map((v) => 0.5 * v + 0.1)),
});

function modelOf(head: 'linear' | 'mlp' | 'knn', recipe: FeatureRecipe): ModelFile {
  const settings = { width: 8, dimension: 8 };
  const encoder = recipe.from === 'encoder' ? buildEncoder('dense', bands, settings) : null;
  const record: ModelRecord = {
    format: 1,
    model: 'm1',
    run: 'r1',
    head,
    settings: {},
    recipe,
    normalisation: {
      version: 1,
      sensor: null,
      robust: false,
      samples: 1,
      bands: transforms.map((transform, i) => ({
        name: `b${i}`,
        wavelengthNm: null,
        transform,
        mean: 0.1 * i,
        std: 0.5 + 0.2 * i,
        scale: 0.5,
        offset: 0.1,
      })),
    },
    encoder: encoder
      ? ({
          encoder: 'dense',
          settings,
          dimension: encoder.dim,
          halo: encoder.halo,
        } as unknown as EncoderRecord)
      : null,
    temperature: 1.7,
    classes: [2, 5, 9].map((code) => ({ code, name: `Class ${code}`, color: '#112233', key: null })),
    scene: 's',
    seed: 0,
  };
  const weights = encoder?.init(prngFrom(3)) ?? {};
  const dim = featureDim({
    recipe,
    normalisation: record.normalisation,
    encoder: record.encoder ? { record: record.encoder, weights } : null,
  });
  const random = (...shape: number[]) => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => prng.normal()),
  });
  const ones = { shape: [dim], data: new Float32Array(dim).fill(1.5) };
  const arrays: Arrays =
    head === 'linear'
      ? { w: random(dim, classes), b: random(classes) }
      : {
          w1: random(dim, 6),
          b1: random(6),
          w2: random(6, classes),
          b2: random(classes),
          mean: random(dim),
          std: ones,
        };
  return { record, encoder: weights, head: arrays };
}

/** [side², classes] as `mapScene` has them before it rounds. */
async function mapped(model: ModelFile): Promise<Float32Array> {
  const head = loadHead(model.record.head, model.record.settings, model.head);
  const block = { width: side, height: side };
  const features = await openFeatures(makerOf(model), { reader, engine, device: 'cpu', block });
  const { values } = await features.read({ col: 0, row: 0, ...block });
  await features.dispose();
  const probabilities = head.predict(values, side * side);
  temper(probabilities, classes, model.record.temperature);
  return probabilities;
}

describe('a model as ONNX', () => {
  it.each([
    ['linear', { from: 'encoder', radii: [2] }],
    ['linear', { from: 'encoder', radii: [0, 3] }],
    ['linear', { from: 'encoder', radii: [3], bandRadius: 1 }],
    ['mlp', { from: 'encoder', radii: [1] }],
    ['linear', { from: 'bands', radii: [0] }],
    ['mlp', { from: 'statistics', radii: [5] }],
  ] as const)('with a %s head on %o gives the probabilities of the map', async (head, recipe) => {
    const model = modelOf(head, { ...recipe, radii: [...recipe.radii] });
    const { spec, weights } = onnxModel(model, side);
    const bytes = engine.exportOnnx(spec, weights, {});
    const session = await ort.InferenceSession.create(bytes);
    const x = new Float32Array(bands * side * side);
    stored.forEach((band, i) => {
      x.set(band, i * side * side);
    });
    // The same tile twice: the first axis has a name, and holds any number of tiles.
    const twice = Float32Array.from({ length: 2 * x.length }, (_, i) => x[i % x.length] as number);
    const answer = await session.run({ x: new ort.Tensor('float32', twice, [2, bands, side, side]) });
    await session.release();
    const { data, dims } = must(answer.probabilities, 'output');
    expect(dims).toEqual([2, classes + 1, side, side]);
    const half = data.length / 2;
    const said = (data as Float32Array).subarray(half);
    expectClose((data as Float32Array).subarray(0, half), said, { rel: 1e-6 });
    expect(Math.max(...said.subarray(0, side * side))).toBe(0);
    const planes = Float32Array.from({ length: side * side * classes }, (_, i) => {
      const [pixel, k] = [Math.floor(i / classes), i % classes];
      return said[(k + 1) * side * side + pixel] as number;
    });
    expectClose(planes, await mapped(model), { abs: 2e-5 });
  });

  it('is an encoder without a head too: the features that a map is made of', async () => {
    const model = modelOf('linear', { from: 'encoder', radii: [0] });
    const record = { ...must(model.record.encoder, 'encoder'), normalisation: model.record.normalisation };
    const { spec, weights } = onnxEncoder({ record, weights: model.encoder }, side);
    const loaded = await engine.loadModel(engine.exportOnnx(spec, weights, {}));
    const data = Float32Array.from(stored.flatMap((band) => [...band]));
    const { features } = await loaded.run({ x: { shape: [1, bands, side, side], data } });
    await loaded.dispose();
    const block = { width: side, height: side };
    const own = await openFeatures(makerOf(model), { reader, engine, device: 'cpu', block });
    const { values } = await own.read({ col: 0, row: 0, ...block });
    await own.dispose();
    const said = must(features, 'features');
    expect(said.shape).toEqual([1, 8, side, side]);
    const byPixel = Float32Array.from(
      values,
      (_, i) => said.data[(i % 8) * side * side + Math.floor(i / 8)] as number,
    );
    expectClose(byPixel, values, { abs: 2e-5 });
  });

  it('says that kNN is no network', () => {
    expect(() => onnxModel(modelOf('knn', { from: 'bands', radii: [0] }), side)).toThrow(
      /knn head cannot be exported/,
    );
  });
});
