/**
 * SimSiam (Chen and He 2021, arXiv 2011.10566, equations 1 to 4):
 * L = −½ [cos(p₁, sg(z₂)) + cos(p₂, sg(z₁))]. −1 is perfect, or collapsed.
 */

import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { l2Normalise } from './l2Normalise.ts';

/** Mean over the batch of −cos(p, z). The caller stops the gradient of z. @param p [N, D]. @param z [N, D]. */
export function negativeCosine(p: Tensor2D, z: Tensor2D): Scalar {
  return tf.neg(tf.mean(tf.sum(tf.mul(l2Normalise(p), l2Normalise(z)), 1)));
}

export interface SimSiamLoss {
  readonly loss: Scalar;
  readonly view1: Scalar;
  readonly view2: Scalar;
}
/** @param p1, p2 predictions [N, D]. @param z1, z2 targets [N, D], detached by the caller. */
export function simsiamLoss(p1: Tensor2D, p2: Tensor2D, z1: Tensor2D, z2: Tensor2D): SimSiamLoss {
  const view1 = negativeCosine(p1, z2);
  const view2 = negativeCosine(p2, z1);
  return { loss: tf.mul(tf.add(view1, view2), 0.5), view1, view2 };
}
