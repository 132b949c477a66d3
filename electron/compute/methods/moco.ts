/**
 * MoCo v2 on one device. Order within a step, as in the official code: the key network follows the query network as it
 * is before the update; keys are made from a shuffled batch, so that query and positive are normalised in different
 * company; the loss sees the queue as it was; then the keys enter it.
 */

import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { must } from '../../base/assert.ts';
import { AppError } from '../../base/errors.ts';
import { type Prng, shuffle } from '../../base/prng.ts';
import { mocoProjector } from '../heads/projectors.ts';
import { normal, prefixed, sizeOf } from '../layers/arrays.ts';
import { trainingPass } from '../layers/pass.ts';
import { type InfoNceLoss, infoNceLoss } from '../losses/infoNce.ts';
import { l2Normalise } from '../losses/l2Normalise.ts';
import type { NdArray, Shapes, Tree } from '../step.ts';
import { type Context, isOn, type Memory, type Method, numberOf, project } from './method.ts';

const get = <T extends Tensor>(tree: Tree, name: string): T => must(tree[name], name) as T;

/** Rows in another order; `order` holds whole numbers as float32. */
function reorder<T extends Tensor>(rows: T, order: Tensor): T {
  return tf.gather(rows, tf.cast(order as Tensor1D, 'int32'), 0);
}

/** Keys of one view: unit rows in the order of the batch. Records the key network's own running statistics. */
function keysOf(context: Context, weights: Tree, record: Tree, batch: Tree, view: string): Tensor2D {
  const shuffled = reorder(get<Tensor4D>(batch, view), get(batch, 'shuffle'));
  const splits = numberOf(context.values, 'splits');
  const h = context.encoder.forward(trainingPass(weights, 'key/encoder/', record, splits), shuffled).pooled;
  const projector = must(context.heads.projector, 'projector');
  const k = projector.forward(trainingPass(weights, 'key/projector/', record), h) as Tensor2D;
  return reorder(l2Normalise(k), get(batch, 'unshuffle'));
}

function memory(context: Context): Memory {
  const { encoder, batch, values } = context;
  const projector = must(context.heads.projector, 'projector');
  const symmetric = isOn(values, 'symmetric');
  const size = numberOf(values, 'queue');
  const entering = symmetric ? 2 * batch : batch;
  if (size < entering) {
    throw new AppError('usage', `MoCo: a queue of ${size} is shorter than the ${entering} keys of one step`, {
      subject: 'queue',
      remedy: `Set queue to at least ${entering}, or a smaller batch.`,
    });
  }
  if (batch % numberOf(values, 'splits') !== 0) {
    throw new AppError('usage', `MoCo: a batch of ${batch} does not divide into ${values.splits} parts`, {
      subject: 'splits',
      remedy: 'Choose a batch that is a multiple of splits.',
    });
  }
  // Parameters follow the query network; running statistics are the key network's own.
  const followed: Shapes = {
    ...prefixed('encoder/', encoder.parameters),
    ...prefixed('projector/', projector.parameters),
  };
  const own: Shapes = {
    ...prefixed('encoder/', encoder.statistics),
    ...prefixed('projector/', projector.statistics),
  };
  return {
    state: { ...prefixed('key/', { ...followed, ...own }), queue: [size, projector.dim] },
    inputs: { shuffle: [batch], unshuffle: [batch] },
    hyper: { keyMomentum: numberOf(values, 'momentum') },
    init(initial, prng) {
      const copies = Object.keys({ ...followed, ...own }).map((name): [string, NdArray] => {
        const { shape, data } = must(initial[name], name);
        return [`key/${name}`, { shape, data: data.slice() }];
      });
      return { ...Object.fromEntries(copies), queue: unitRows(size, projector.dim, prng) };
    },
    draw(prng) {
      const order = shuffle(
        Array.from({ length: batch }, (_, i) => i),
        prng,
      );
      const back = new Float32Array(batch);
      order.forEach((from, to) => {
        back[from] = to;
      });
      return {
        shuffle: { shape: [batch], data: Float32Array.from(order) },
        unshuffle: { shape: [batch], data: back },
      };
    },
    prepare(state, inputs, hyper) {
      const m = get<Scalar>(hyper, 'keyMomentum');
      const key: Tree = {};
      for (const name of Object.keys(followed)) {
        const moved = tf.mul(get(state, name), tf.sub(1, m));
        key[`key/${name}`] = tf.add(tf.mul(get(state, `key/${name}`), m), moved);
      }
      const weights = { ...state, ...key };
      const record: Tree = {};
      const k2 = keysOf(context, weights, record, inputs, 'view2');
      const k1 = symmetric ? keysOf(context, weights, record, inputs, 'view1') : null;
      const queue = get<Tensor2D>(state, 'queue');
      const keys = k1 ? tf.concat([k1, k2], 0) : k2;
      const rest = tf.slice(queue, [0, 0], [size - entering, projector.dim]);
      const next = size === entering ? keys : tf.concat([keys, rest], 0);
      return { state: { ...key, ...record, queue: next }, prepared: { queue, k2, ...(k1 && { k1 }) } };
    },
  };
}

function unitRows(rows: number, columns: number, prng: Prng): NdArray {
  const array = normal([rows, columns], 1, prng);
  for (let i = 0; i < sizeOf(array.shape); i += columns) {
    const row = array.data.subarray(i, i + columns);
    const norm = Math.sqrt(row.reduce((sum, v) => sum + v * v, 0));
    for (let j = 0; j < columns; j++) row[j] = (row[j] ?? 0) / norm;
  }
  return array;
}

export const moco: Method = {
  id: 'moco',
  zeroResidual: false,
  heads: (encoder, values) => ({
    projector: mocoProjector(
      encoder.dim,
      numberOf(values, 'projectorWidth'),
      numberOf(values, 'outputWidth'),
    ),
  }),
  memory,
  objective(context, run) {
    const splits = numberOf(context.values, 'splits');
    const temperature = numberOf(context.values, 'temperature');
    const queue = get<Tensor2D>(run.prepared, 'queue');
    const contrast = (z: Tensor2D, key: string): InfoNceLoss =>
      infoNceLoss(z, get<Tensor2D>(run.prepared, key), queue, temperature);
    const one = project(context, run, run.view1, splits);
    const forward = contrast(one.z, 'k2');
    if (!isOn(context.values, 'symmetric')) {
      const { loss, ...terms } = forward;
      return { loss, terms, h1: one.h, h2: null, z1: one.z };
    }
    const two = project(context, run, run.view2, splits);
    const backward = contrast(two.z, 'k1');
    // The sum of both directions, as in the authors' symmetric demonstration.
    return {
      loss: tf.add(forward.loss, backward.loss),
      terms: {
        alignment: tf.add(forward.alignment, backward.alignment),
        contrast: tf.add(forward.contrast, backward.contrast),
      },
      h1: one.h,
      h2: two.h,
      z1: one.z,
    };
  },
};
