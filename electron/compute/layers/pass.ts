import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { must } from '../../base/assert.ts';
import type { Tree } from '../step.ts';

/**
 * How a network is run, and on which weights. Parameters live in one flat tree; `prefix` says whose turn it is, so that
 * one architecture serves `encoder/` and `key/encoder/`.
 */
export interface Pass {
  readonly weights: Tree;
  /** `encoder/`, `projector/` …: ends with a slash. */
  readonly prefix: string;
  /**
   * `batch`: normalise by the statistics of the batch and record the running ones. `folded`: normalisation is already
   * part of the convolutions (`fold`), which have a bias for it.
   */
  readonly normalise: 'batch' | 'folded';
  /** `same` for tiles; `valid` where nothing may depend on padding: maps and patches. */
  readonly padding: 'same' | 'valid';
  /** Every stride becomes 1 and later convolutions dilate by it: one feature per input pixel. */
  readonly dense: boolean;
  /** Batch statistics are taken in this many parts (MoCo on one device). */
  readonly splits: number;
  /** Running statistics by full name, written when `normalise` is `batch`; a second forward continues from them. */
  readonly record: Tree;
}

/** A training pass over `weights`; running statistics gather in `record`. */
export function trainingPass(weights: Tree, prefix: string, record: Tree, splits = 1): Pass {
  return { weights, prefix, normalise: 'batch', padding: 'same', dense: false, splits, record };
}

/** Inference on folded weights. `tile`: as in training; `map`: dense, no padding; `patch`: strided, no padding. */
export function inferencePass(weights: Tree, prefix: string, kind: 'tile' | 'map' | 'patch'): Pass {
  return {
    weights,
    prefix,
    normalise: 'folded',
    padding: kind === 'tile' ? 'same' : 'valid',
    dense: kind === 'map',
    splits: 1,
    record: {},
  };
}

export function weight<T extends Tensor = Tensor>(pass: Pass, name: string): T {
  return must(pass.weights[pass.prefix + name], `weight ${pass.prefix + name}`) as T;
}

/** Share of the new batch in the running statistics, as in torch. */
const MOMENTUM = 0.1;

/** Running mean and variance after one more batch. The variance recorded is the unbiased one, as in torch. */
export function recordStatistics(pass: Pass, name: string, mean: Tensor, variance: Tensor): void {
  for (const [key, now] of [
    [`${pass.prefix}${name}/mean`, mean],
    [`${pass.prefix}${name}/variance`, variance],
  ] as const) {
    const old = pass.record[key] ?? must(pass.weights[key], `statistic ${key}`);
    pass.record[key] = tf.add(tf.mul(old, 1 - MOMENTUM), tf.mul(now, MOMENTUM));
  }
}
