/** One hidden layer on frozen features. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { must } from '../../base/assert.ts';
import { prngFrom } from '../../base/prng.ts';
import { headCards } from '../../contract/catalog/heads.ts';
import { type ParameterValues, resolveParameters } from '../../contract/catalog/parameters.ts';
import { buildMlp } from '../heads/mlp.ts';
import { filled } from '../layers/arrays.ts';
import { inferencePass } from '../layers/pass.ts';
import type { Arrays, NdArray } from '../step.ts';
import { type ClassifierStep, classifierStep } from './classifierStep.ts';

export interface MlpHead extends ClassifierStep {
  readonly steps: number;
  initialState(seed: number): Arrays;
  /** The trained weights of a state: what `mlpProbabilities` reads. */
  result(state: Arrays): Arrays;
}

/** Batch input `x` [batch, dim], standardised by the caller. Throws AppError `usage` for values that are not allowed. */
export function buildMlpHead(options: {
  readonly dim: number;
  readonly classes: number;
  readonly batch: number;
  readonly values?: ParameterValues;
}): MlpHead {
  const { dim, classes, batch } = options;
  const card = headCards.mlp;
  const values = resolveParameters(card.name, card.parameters, options.values ?? {});
  const network = buildMlp(dim, [
    { out: Number(values.hidden), bias: true, norm: 'none', relu: true },
    { out: classes, bias: true, norm: 'none', relu: false },
  ]);
  const step = classifierStep({
    name: `mlp/${dim}-${values.hidden}-${classes}`,
    parameters: network.parameters,
    input: [batch, dim],
    classes,
    learningRate: Number(values.learningRate),
    weightDecay: Number(values.weightDecay),
    logits: (weights, x) => network.forward(inferencePass(weights, '', 'tile'), x) as Tensor2D,
  });
  return {
    ...step,
    steps: Number(values.steps),
    initialState(seed) {
      const slots = Object.entries(step.slots).map(([name, shape]): [string, NdArray] => [
        name,
        filled(shape, 0),
      ]);
      return { ...network.init(prngFrom(seed, 'mlp head')), ...Object.fromEntries(slots) };
    },
    result: (state) =>
      Object.fromEntries(Object.keys(network.parameters).map((name) => [name, must(state[name], name)])),
  };
}

/** Class probabilities [n, K] of standardised features x [n, dim], on plain arrays. */
export function mlpProbabilities(weights: Arrays, x: Float32Array, n: number): Float32Array {
  const get = (name: string): NdArray => must(weights[name], name);
  const hidden = affine(x, n, get('0/w'), get('0/b')).map((v) => Math.max(0, v));
  const logits = affine(hidden, n, get('1/w'), get('1/b'));
  const classes = get('1/b').data.length;
  for (let i = 0; i < n; i++) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    const top = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      row[c] = Math.exp((row[c] as number) - top);
      sum += row[c] as number;
    }
    for (let c = 0; c < classes; c++) row[c] = (row[c] as number) / sum;
  }
  return logits;
}

/** x·w + b, rows of x one after the other. */
function affine(x: Float32Array, n: number, w: NdArray, b: NdArray): Float32Array {
  const [from = 0, to = 0] = w.shape;
  const y = new Float32Array(n * to);
  for (let i = 0; i < n; i++) {
    const row = y.subarray(i * to, (i + 1) * to);
    row.set(b.data);
    for (let j = 0; j < from; j++) {
      const value = x[i * from + j] as number;
      for (let c = 0; c < to; c++) row[c] = (row[c] as number) + value * (w.data[j * to + c] as number);
    }
  }
  return y;
}
