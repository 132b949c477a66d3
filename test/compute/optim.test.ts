import { describe, expect, it } from 'vitest';
import { adamw } from '../../electron/compute/optim/adamw.ts';
import { lars } from '../../electron/compute/optim/lars.ts';
import { gradientNorm, type Optimizer } from '../../electron/compute/optim/optimizer.ts';
import { cosineRate } from '../../electron/compute/optim/schedule.ts';
import { sgdMomentum } from '../../electron/compute/optim/sgd.ts';
import { expectClose } from '../support/expectClose.ts';
import { scalars, tf } from '../support/tensors.ts';

const W = [1, -2, 0.5, 0.25, 0, 3];
const gW = [0.1, 0.2, -0.3, 0.4, -0.5, 0.6];

/** Two steps with gradients g and 2g, from zero slots. */
function twoSteps(
  optimizer: Optimizer,
  value: number[],
  shape: number[],
  gradient: number[],
  rate: number,
): number[] {
  let parameter = tf.tensor(value, shape);
  let slots = Object.fromEntries(optimizer.slots.map((slot) => [slot, tf.zerosLike(parameter)]));
  for (const step of [0, 1]) {
    const g = tf.mul(tf.tensor(gradient, shape), step + 1);
    const next = optimizer.update(parameter, g, slots, tf.scalar(rate), scalars(optimizer.hyperAt(step)));
    ({ parameter, slots } = next);
  }
  return Array.from(parameter.dataSync());
}

describe('LARS', () => {
  const reference = lars(1e-4);
  it('makes the golden two steps, and leaves vectors alone', () => {
    expectClose(
      twoSteps(reference, W, [2, 3], gW, 0.3),
      [0.999654745, -2.000689368, 0.501034766, 0.24862005, 0.001724849, 2.997929325],
      { rel: 1e-6, abs: 1e-8 },
    );
    expectClose(twoSteps(reference, [0.1, -0.2], [2], [0.01, -0.03], 0.3), [0.0883, -0.1649], { rel: 1e-6 });
  });
  it('does not adapt where a norm is zero', () => {
    // The first step is plain; then w = −(0.1, 0.2) and the ratio is 0.001·‖w‖/‖2g‖ = 5e-5.
    const second = 0.9 + 5e-5 * 2;
    expectClose(
      twoSteps(reference, [0, 0], [1, 2], [1, 2], 0.1),
      [-0.1 - 0.1 * second, -0.2 - 0.2 * second],
      {
        rel: 1e-5,
      },
    );
    expectClose(twoSteps(lars(0), [1, 2], [1, 2], [0, 0], 0.1), [1, 2]);
  });
  it('clipped never exceeds the global rate', () => {
    // η‖w‖/‖g‖ = 0.02·100/1 = 2 > lr = 0.3, so the ratio 2/0.3 is clipped to 1: plain momentum.
    const clipped = lars(0, { eta: 0.02, clipped: true });
    expectClose(twoSteps(clipped, [100, 0], [1, 2], [1, 0], 0.3), [100 - 0.3 * (1 + 2.9), 0], { rel: 1e-6 });
    // Below the limit the step is lr·(ratio/lr)·g, so the rate cancels: w − η‖w‖·ĝ for the first step.
    const once = clipped.update(
      tf.tensor2d([[1, 0]]),
      tf.tensor2d([[10, 0]]),
      { velocity: tf.zeros([1, 2]) },
      tf.scalar(0.3),
      {},
    );
    expectClose(once.parameter.dataSync(), [1 - 0.02, 0], { rel: 1e-6 });
  });
});

describe('SGD and AdamW', () => {
  it('SGD decays everything and keeps momentum as torch does', () => {
    // v1 = g + wd·w, w1 = w − lr·v1; v2 = 0.9·v1 + 2g + wd·w1.
    const v1 = 0.5 + 0.01 * 2;
    const w1 = 2 - 0.1 * v1;
    const w2 = w1 - 0.1 * (0.9 * v1 + 1 + 0.01 * w1);
    expectClose(twoSteps(sgdMomentum(0.01), [2], [1], [0.5], 0.1), [w2], { rel: 1e-6 });
  });
  it('AdamW takes the steps of algorithm 2, decay apart from the gradient', () => {
    const [b1, b2, eps, lr, wd] = [0.9, 0.999, 1e-8, 0.01, 0.1];
    let [w, m, v] = [2, 0, 0];
    for (const [t, g] of [
      [1, 0.5],
      [2, 1],
    ] as const) {
      m = b1 * m + (1 - b1) * g;
      v = b2 * v + (1 - b2) * g * g;
      w = w - lr * wd * w - (lr * (m / (1 - b1 ** t))) / (Math.sqrt(v / (1 - b2 ** t)) + eps);
    }
    expectClose(twoSteps(adamw(wd), [2], [1, 1], [0.5], lr), [w], { rel: 1e-6 });
    // A bias is not decayed: without a gradient it stays.
    expectClose(twoSteps(adamw(wd), [2], [1], [0], lr), [2]);
    expect(twoSteps(adamw(wd), [2], [1, 1], [0], lr)[0]).toBeLessThan(2);
  });
  it('measures the whole gradient', () => {
    const norm = gradientNorm({ a: tf.tensor([3]), b: tf.tensor([[0, 4]]) });
    expectClose(norm.dataSync(), [5]);
  });
});

describe('schedule', () => {
  const at = (step: number) => cosineRate({ peak: 1, warmup: 10, total: 100, end: 0.001 }, step);
  it('has the golden values', () => {
    expectClose([at(0), at(5), at(10), at(55), at(99)], [0, 0.5, 1, 0.5005, 0.001304282], {
      rel: 1e-6,
      abs: 1e-12,
    });
  });
  it('holds the end after the end, and starts at the peak without warm-up', () => {
    expectClose([at(100), at(150)], [0.001, 0.001]);
    expectClose([cosineRate({ peak: 2, warmup: 0, total: 10, end: 0 }, 0)], [2]);
  });
});
