/**
 * A trained model as one function, from the numbers as they are stored in a scene to class probabilities: what ONNX
 * tools are given. It does to a tile what `mapScene` does to a scene of that size, mirrored borders included.
 */
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { must } from '../base/assert.ts';
import { AppError } from '../base/errors.ts';
import { layersOf } from '../compute/encoders/architectures.ts';
import { buildEncoder } from '../compute/encoders/encoder.ts';
import { runLayers } from '../compute/encoders/forward.ts';
import { inferencePass } from '../compute/layers/pass.ts';
import type { Arrays, ForwardSpec, Shapes, Tree } from '../compute/step.ts';
import type { BandTransform, Normalisation } from '../contract/encoder.ts';
import type { EncoderFile } from './encoderFile.ts';
import type { ModelFile } from './modelFile.ts';

export interface OnnxModel {
  readonly spec: ForwardSpec;
  readonly weights: Arrays;
  /** Pixels at the border of a tile that depend on what lies outside it. */
  readonly margin: number;
}

/**
 * Input `x` [1, bands, side, side]; output `probabilities` [1, classes + 1, side, side], channel 0 (unclassified) always 0.
 * Errors: unsupported for a head that is no network, such as kNN.
 */
export function onnxModel(model: ModelFile, side: number): OnnxModel {
  const { record } = model;
  const { recipe, normalisation } = record;
  const bands = normalisation.bands.length;
  const encoder = record.encoder
    ? buildEncoder(record.encoder.encoder, bands, record.encoder.settings)
    : null;
  const layers = record.encoder ? layersOf(record.encoder.encoder, record.encoder.settings) : [];
  const halo = encoder?.halo ?? 0;
  const { radii, bandRadius } = recipe;
  const folded = encoder ? encoder.fold(model.encoder) : {};
  const head = headOf(model);
  const weights: Arrays = { ...folded, ...prefixed(model.head), ...scalingOf(normalisation) };
  const local = encoder?.dim ?? bands;
  return {
    weights,
    margin: halo + Math.max(...radii),
    spec: {
      name: `onnx/${record.model}`,
      weights: shapesOf(weights),
      inputs: { x: [1, bands, side, side] },
      run(w, { x }) {
        const stored = tf.transpose(must(x, 'input'), [0, 2, 3, 1]) as Tensor4D;
        const normal = normalised(normalisation, stored, w);
        const described = encoder
          ? runLayers(inferencePass(w, '', 'map'), layers, mirrored(normal, halo))
          : normal;
        const features =
          recipe.from === 'statistics'
            ? meanAndStd(described, must(radii[0], 'radius'))
            : tf.concat(
                [
                  ...radii.map((radius) => boxMean(described, radius)),
                  ...(bandRadius === undefined ? [] : [boxMean(normal, bandRadius)]),
                ],
                3,
              );
        const joined = bandRadius === undefined ? 0 : bands;
        const dim = recipe.from === 'statistics' ? 2 * local : local * radii.length + joined;
        const tiles = stored.shape[0];
        const logits = head(tf.reshape(features, [tiles * side * side, dim]), w);
        const probabilities = tf.softmax(tf.div(logits, record.temperature) as Tensor2D);
        // Channel 0 stands for "unclassified": code 0 of our maps, the background of other tools.
        const channels = tf.pad2d(probabilities, [
          [0, 0],
          [1, 0],
        ]);
        const count = record.classes.length + 1;
        return {
          probabilities: tf.transpose(tf.reshape(channels, [tiles, side, side, count]), [0, 3, 1, 2]),
        };
      },
    },
  };
}

/** An encoder alone. Input `x` as above; output `features` [1, dimension, side, side], one vector per pixel. */
export function onnxEncoder({ record, weights: given }: EncoderFile, side: number): OnnxModel {
  const { normalisation } = record;
  const encoder = buildEncoder(record.encoder, normalisation.bands.length, record.settings);
  const layers = layersOf(record.encoder, record.settings);
  const weights: Arrays = { ...encoder.fold(given), ...scalingOf(normalisation) };
  return {
    weights,
    margin: encoder.halo,
    spec: {
      name: `onnx/${record.run}`,
      weights: shapesOf(weights),
      inputs: { x: [1, normalisation.bands.length, side, side] },
      run(w, { x }) {
        const stored = tf.transpose(must(x, 'input'), [0, 2, 3, 1]) as Tensor4D;
        const wide = mirrored(normalised(normalisation, stored, w), encoder.halo);
        const map = runLayers(inferencePass(w, '', 'map'), layers, wide);
        return { features: tf.transpose(map, [0, 3, 1, 2]) };
      },
    },
  };
}

type HeadFunction = (rows: Tensor2D, weights: Tree) => Tensor2D;

/** Rows of features → logits. */
function headOf({ record }: ModelFile): HeadFunction {
  const of = (w: Tree, name: string) => must(w[`head/${name}`], `${name} of the head`);
  switch (record.head) {
    case 'linear':
    case 'finetune':
      return (rows, w) => tf.add(tf.matMul(rows, of(w, 'w') as Tensor2D), of(w, 'b'));
    case 'mlp':
      return (rows, w) => {
        const x = tf.div(tf.sub(rows, of(w, 'mean')), of(w, 'std')) as Tensor2D;
        const h = tf.relu(tf.add(tf.matMul(x, of(w, 'w1') as Tensor2D), of(w, 'b1'))) as Tensor2D;
        return tf.add(tf.matMul(h, of(w, 'w2') as Tensor2D), of(w, 'b2'));
      };
    default:
      throw new AppError('unsupported', `A ${record.head} head cannot be exported to ONNX`, {
        subject: record.model,
        remedy: 'Train a linear head or a small network on the same encoder, and export that.',
      });
  }
}

/** scale · stored + offset, transformed, less the mean, divided by the deviation. x [1, H, W, bands]. */
function normalised({ bands }: Normalisation, stored: Tensor4D, w: Tree): Tensor4D {
  const physical = tf.add(tf.mul(stored, must(w.scale, 'scale')), must(w.offset, 'offset')) as Tensor4D;
  const plain = bands.every(({ transform: { kind } }) => kind === 'linear' || kind === 'decibel');
  const band = (i: number) => tf.slice(physical, [0, 0, 0, i], [-1, -1, -1, 1]) as Tensor4D;
  const transformed = plain
    ? physical
    : tf.concat(
        bands.map(({ transform }, i) => transformed1(transform, band(i), band)),
        3,
      );
  return tf.div(tf.sub(transformed, must(w.mean, 'mean')), must(w.std, 'std'));
}

function transformed1(transform: BandTransform, x: Tensor4D, band: (i: number) => Tensor4D): Tensor4D {
  switch (transform.kind) {
    case 'linear':
    case 'decibel':
      return x;
    case 'log':
      return tf.log(tf.maximum(x, transform.floor));
    case 'asinh':
      return tf.asinh(tf.div(x, transform.scale));
    case 'cross': {
      const product = tf.mul(band(transform.powers[0]), band(transform.powers[1]));
      const correlation = tf.div(x, tf.sqrt(tf.maximum(product, transform.floor)));
      return tf.clipByValue(correlation, -1, 1) as Tensor4D;
    }
  }
}

function scalingOf({ bands }: Normalisation): Arrays {
  const of = (value: (band: Normalisation['bands'][number]) => number) => ({
    shape: [bands.length],
    data: Float32Array.from(bands, value),
  });
  return {
    scale: of((band) => band.scale ?? 1),
    offset: of((band) => band.offset ?? 0),
    mean: of((band) => band.mean),
    std: of((band) => band.std),
  };
}

function mirrored(x: Tensor4D, by: number): Tensor4D {
  if (by === 0) return x;
  const margins = [
    [0, 0],
    [by, by],
    [by, by],
    [0, 0],
  ] as [number, number][];
  return tf.mirrorPad(x, margins, 'reflect');
}

/** Means over (2·radius+1)² windows; what lies outside the tile does not count. */
function boxMean(x: Tensor4D, radius: number): Tensor4D {
  return radius === 0 ? x : tf.avgPool(x, 2 * radius + 1, 1, 'same');
}

function meanAndStd(x: Tensor4D, radius: number): Tensor4D {
  const mean = boxMean(x, radius);
  const variance = tf.sub(boxMean(tf.square(x), radius), tf.square(mean));
  return tf.concat([mean, tf.sqrt(tf.relu(variance)) as Tensor4D], 3);
}

const prefixed = (arrays: Arrays): Arrays =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`head/${name}`, array]));
const shapesOf = (arrays: Arrays): Shapes =>
  Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, shape]));
