/**
 * Encoder and linear head trained together on labelled places, starting from a head that was fitted to the frozen
 * features: otherwise its first, random gradients undo what pretraining taught (Kumar et al. 2022, arXiv 2202.10054).
 * Normalisation stays folded into the convolutions: a few labels say nothing about batch statistics.
 */

import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { assert, must } from '../../base/assert.ts';
import { headCards } from '../../contract/catalog/heads.ts';
import { type ParameterValues, resolveParameters } from '../../contract/catalog/parameters.ts';
import type { Encoder } from '../encoders/encoder.ts';
import { filled, prefixed, under } from '../layers/arrays.ts';
import { inferencePass } from '../layers/pass.ts';
import type { Arrays, NdArray } from '../step.ts';
import { type ClassifierStep, classifierStep } from './classifierStep.ts';

export interface LinearHead {
  /** [dim, classes] and [classes], on features as they come. */
  readonly w: Float32Array;
  readonly b: Float32Array;
}
export interface Finetune extends ClassifierStep {
  readonly steps: number;
  readonly batch: number;
  /** Side of the square patch around a labelled pixel, in pixels. */
  readonly side: number;
  /** @param weights Parameters and statistics of the encoder, names without prefix. */
  initialState(weights: Arrays, head: LinearHead): Arrays;
  /** The encoder (names without prefix, as any other) and the head after training. */
  result(state: Arrays): { readonly encoder: Arrays; readonly head: LinearHead };
}

/**
 * Batch input `x` [batch, side, side, bands]: normalised patches centred on the labelled pixels.
 * @param radius The head reads features averaged over (2·radius + 1)² pixels; 0 for a strided encoder.
 * Throws AppError `usage` for values that are not allowed.
 */
export function buildFinetune(options: {
  readonly encoder: Encoder;
  readonly classes: number;
  readonly radius: number;
  readonly values?: ParameterValues;
}): Finetune {
  const { encoder, classes, radius } = options;
  assert(radius === 0 || encoder.stride === 1, 'A strided encoder has one feature per patch');
  const card = headCards.finetune;
  const values = resolveParameters(card.name, card.parameters, options.values ?? {});
  const batch = Number(values.batch);
  const side = encoder.receptiveField + 2 * radius;
  const encoderShare = Number(values.encoderRate);
  const step = classifierStep({
    name: `finetune/${encoder.id}`,
    parameters: {
      ...prefixed('encoder/', encoder.folded),
      'head/w': [encoder.dim, classes],
      'head/b': [classes],
    },
    input: [batch, side, side, encoder.bands],
    classes,
    learningRate: Number(values.learningRate),
    weightDecay: Number(values.weightDecay),
    share: (name) => (name.startsWith('encoder/') ? encoderShare : 1),
    logits(weights, x) {
      const { pooled } = encoder.forward(inferencePass(weights, 'encoder/', 'patch'), x as Tensor4D);
      return tf.add(
        tf.matMul(pooled, must(weights['head/w'], 'head') as Tensor2D),
        must(weights['head/b'], 'head'),
      );
    },
  });
  return {
    ...step,
    steps: Number(values.steps),
    batch,
    side,
    initialState(weights, head) {
      const slots = Object.entries(step.slots).map(([name, shape]): [string, NdArray] => [
        name,
        filled(shape, 0),
      ]);
      return {
        ...prefixed('encoder/', encoder.fold(weights)),
        'head/w': { shape: [encoder.dim, classes], data: head.w.slice() },
        'head/b': { shape: [classes], data: head.b.slice() },
        ...Object.fromEntries(slots),
      };
    },
    result: (state) => ({
      encoder: encoder.unfold(under('encoder/', state)),
      head: { w: must(state['head/w'], 'head').data, b: must(state['head/b'], 'head').data },
    }),
  };
}
