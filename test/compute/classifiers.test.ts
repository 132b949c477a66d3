import { describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import type { ClassifierStep } from '../../electron/compute/classifiers/classifierStep.ts';
import { buildFinetune } from '../../electron/compute/classifiers/finetune.ts';
import { buildMlpHead, mlpProbabilities } from '../../electron/compute/classifiers/mlpHead.ts';
import { buildEncoder } from '../../electron/compute/encoders/encoder.ts';
import { normal } from '../../electron/compute/layers/arrays.ts';
import { inferencePass } from '../../electron/compute/layers/pass.ts';
import { crossEntropy } from '../../electron/compute/losses/crossEntropy.ts';
import type { Arrays, NdArray } from '../../electron/compute/step.ts';
import { expectClose } from '../support/expectClose.ts';
import { scalars, tf, tidied, toArrays, toTree } from '../support/tensors.ts';

function train(
  step: ClassifierStep,
  from: Arrays,
  batch: Arrays,
  steps: number,
): { state: Arrays; losses: number[] } {
  let state = from;
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    const out = tidied(() => {
      const { state: s, metrics } = step.spec.run(
        toTree(state),
        toTree(batch),
        scalars(step.hyperAt(i, steps)),
      );
      return { state: toArrays(s), loss: metrics.loss?.dataSync()[0] as number };
    });
    state = out.state;
    losses.push(out.loss);
  }
  return { state, losses };
}
const oneHot = (labels: number[], classes: number): NdArray => ({
  shape: [labels.length, classes],
  data: Float32Array.from(
    labels.flatMap((l) => Array.from({ length: classes }, (_, c) => (c === l ? 1 : 0))),
  ),
});

describe('cross-entropy', () => {
  it('is the mean −log p of the true class, also for huge logits', () => {
    const logits = tf.tensor2d([
      [1, 2, 3],
      [1000, 0, -1000],
    ]);
    const target = tf.tensor2d([
      [0, 0, 1],
      [0, 1, 0],
    ]);
    const first = -Math.log(Math.exp(3) / (Math.exp(1) + Math.exp(2) + Math.exp(3)));
    expectClose(crossEntropy(logits, target).dataSync(), [(first + 1000) / 2], { rel: 1e-6 });
  });
});

describe('the small network', () => {
  // Exclusive or: no linear head can do it.
  const x = [
    [1, 1],
    [1, -1],
    [-1, 1],
    [-1, -1],
  ];
  const labels = [0, 1, 1, 0];
  const head = buildMlpHead({
    dim: 2,
    classes: 2,
    batch: 4,
    values: { hidden: 16, learningRate: 0.05, weightDecay: 0 },
  });
  it('learns what is not linear, and predicts alike on plain arrays', () => {
    const rows = { shape: [4, 2], data: Float32Array.from(x.flat()) };
    const { state, losses } = train(head, head.initialState(3), { x: rows, target: oneHot(labels, 2) }, 80);
    expect(losses.at(-1)).toBeLessThan(0.1);
    const p = mlpProbabilities(head.result(state), rows.data, 4);
    for (const [i, label] of labels.entries()) expect(p[i * 2 + label]).toBeGreaterThan(0.9);
    const logLoss = labels.reduce((s, label, i) => s - Math.log(p[i * 2 + label] as number) / 4, 0);
    const [again] = train(head, state, { x: rows, target: oneHot(labels, 2) }, 1).losses;
    expectClose([logLoss], [again as number], { rel: 1e-4 });
  });
});

describe('fine-tuning', () => {
  const encoder = buildEncoder('dense', 2, { width: 8, layers: 2, dimension: 8 });
  const weights = encoder.init(prngFrom('finetune'));
  const finetune = buildFinetune({
    encoder,
    classes: 2,
    radius: 1,
    values: { batch: 8, learningRate: 0.02 },
  });
  const patches = normal([8, finetune.side, finetune.side, 2], 1, prngFrom('patches'));
  const labels = [0, 1, 0, 1, 0, 1, 0, 1];
  const head = { w: normal([8, 2], 0.1, prngFrom('head')).data, b: new Float32Array(2) };
  const initial = finetune.initialState(weights, head);

  it('reads a patch as wide as the field of its averaged feature', () => expect(finetune.side).toBe(5 + 2));
  it('starts from the frozen encoder and the fitted head', () => {
    const features = encoder.forward(
      inferencePass(toTree(encoder.fold(weights)), '', 'map'),
      toTree({ patches }).patches as tf.Tensor4D,
    ).pooled;
    const logits = tf.matMul(features, tf.tensor2d(head.w, [8, 2])) as tf.Tensor2D;
    const expected = crossEntropy(logits, toTree({ t: oneHot(labels, 2) }).t as tf.Tensor2D).dataSync();
    expectClose(
      [train(finetune, initial, { x: patches, target: oneHot(labels, 2) }, 1).losses[0] as number],
      expected,
      { rel: 1e-5 },
    );
  });
  it('lowers the loss, and stores an encoder that folds to what was trained', () => {
    const { state, losses } = train(finetune, initial, { x: patches, target: oneHot(labels, 2) }, 30);
    expect(losses.at(-1)).toBeLessThan(0.7 * (losses[0] as number));
    const { encoder: stored } = finetune.result(state);
    const refolded = encoder.fold(stored);
    for (const name of Object.keys(encoder.folded)) {
      expectClose(refolded[name]?.data ?? [], state[`encoder/${name}`]?.data ?? [], { rel: 1e-6 });
    }
    expect(refolded['conv1/w']).not.toEqual(encoder.fold(weights)['conv1/w']);
  });
  it('leaves the encoder alone at rate 0', () => {
    const frozen = buildFinetune({ encoder, classes: 2, radius: 1, values: { batch: 8, encoderRate: 0 } });
    const { state } = train(frozen, initial, { x: patches, target: oneHot(labels, 2) }, 2);
    expect(state['encoder/conv1/w']).toEqual(initial['encoder/conv1/w']);
    expect(state['head/w']).not.toEqual(initial['head/w']);
  });
});
