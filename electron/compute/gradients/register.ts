/**
 * Registers the gradients of every kernel that our encoders, losses and optimizers use. The entry of tfjs-core that
 * Node loads leaves its gradients out, and its own files for them cannot be loaded by Node (extensionless imports), so
 * these are written from the calculus; each is checked against finite differences (test/compute/gradients.test.ts).
 * Import this file for its effect before the first `tf.grads`.
 */
import * as tf from '@tensorflow/tfjs-core';
import { binaryGradients } from './binary.ts';
import { convolutionGradients } from './convolution.ts';
import type { Gradient } from './gradient.ts';
import { reductionGradients } from './reduction.ts';
import { shapeGradients } from './shape.ts';
import { unaryGradients } from './unary.ts';

export const gradients: readonly Gradient[] = [
  ...unaryGradients,
  ...binaryGradients,
  ...reductionGradients,
  ...shapeGradients,
  ...convolutionGradients,
];

for (const gradient of gradients) {
  // Another package (tfjs-node brings its own) may have been first: its gradients are as good.
  if (tf.getGradient(gradient.kernel) !== undefined) continue;
  tf.registerGradient({
    kernelName: gradient.kernel,
    ...(gradient.inputs === 'all' ? { saveAllInputs: true } : { inputsToSave: [...(gradient.inputs ?? [])] }),
    outputsToSave: gradient.output ? [true] : [],
    gradFunc: (dy, saved, attributes) => gradient.of(dy as tf.Tensor, saved, attributes),
  });
}
