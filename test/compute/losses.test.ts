import { describe, expect, it } from 'vitest';
import '../../electron/compute/gradients/register.ts';
import { barlowTwinsLoss } from '../../electron/compute/losses/barlowTwins.ts';
import { infoNceLoss } from '../../electron/compute/losses/infoNce.ts';
import { l2Normalise } from '../../electron/compute/losses/l2Normalise.ts';
import { ntXentLoss } from '../../electron/compute/losses/ntXent.ts';
import { simsiamLoss } from '../../electron/compute/losses/simsiam.ts';
import { vicregLoss } from '../../electron/compute/losses/vicreg.ts';
import * as oracle from '../oracles/selfSupervised.ts';
import { expectClose } from '../support/expectClose.ts';
import { tf } from '../support/tensors.ts';

const { golden } = oracle;
const rows = (z: oracle.Rows) => tf.tensor2d(z);
const weights = { invariance: 25, variance: 25, covariance: 1 };

/** Value, and derivative with respect to the first element. */
function valueAndSlope(f: (z: tf.Tensor2D) => tf.Scalar, z: oracle.Rows): { value: number; slope: number } {
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => f(x as tf.Tensor2D))(rows(z));
  return { value: value.dataSync()[0] as number, slope: grad.dataSync()[0] as number };
}
const float32 = { rel: 1e-5, abs: 1e-7 };
/** Ten printed decimals. */
const float64 = { rel: 1e-6, abs: 1e-10 };

interface Case {
  readonly name: string;
  readonly ours: (z: tf.Tensor2D) => tf.Scalar;
  readonly plain: (z: oracle.Rows) => number;
  readonly at: oracle.Rows;
  readonly loss: number;
  readonly slope: number;
}
const infoNce = (t: number): Pick<Case, 'ours' | 'plain' | 'at'> => ({
  ours: (q) => infoNceLoss(q, l2Normalise(rows(oracle.z2)), rows(oracle.queue), t).loss,
  plain: (q) => oracle.infoNce(q, oracle.z2, oracle.queue, t),
  at: oracle.z1,
});
const ntXent = (t: number): Pick<Case, 'ours' | 'plain' | 'at'> => ({
  ours: (z) => ntXentLoss(z, rows(oracle.z2), t).loss,
  plain: (z) => oracle.ntXent(z, oracle.z2, t),
  at: oracle.z1,
});
const cases: readonly Case[] = [
  {
    name: 'SimSiam',
    ours: (p) => simsiamLoss(p, rows(oracle.p2), rows(oracle.z1), rows(oracle.z2)).loss,
    plain: (p) => oracle.simsiam(p, oracle.p2, oracle.z1, oracle.z2),
    at: oracle.p1,
    loss: golden.simsiam.loss,
    slope: golden.simsiam.dp1,
  },
  { name: 'SimCLR at 0.5', ...ntXent(0.5), loss: golden.simclr05.loss, slope: golden.simclr05.dz1 },
  { name: 'SimCLR at 0.1', ...ntXent(0.1), loss: golden.simclr01.loss, slope: golden.simclr01.dz1 },
  { name: 'MoCo at 0.07', ...infoNce(0.07), loss: golden.moco007.loss, slope: golden.moco007.dq },
  { name: 'MoCo at 0.2', ...infoNce(0.2), loss: golden.moco02.loss, slope: golden.moco02.dq },
  {
    name: 'Barlow Twins',
    ours: (z) => barlowTwinsLoss(z, rows(oracle.z2), 0.0051).loss,
    plain: (z) => oracle.barlowTwins(z, oracle.z2, 0.0051),
    at: oracle.z1,
    loss: golden.barlow.loss,
    slope: golden.barlow.dz1,
  },
  {
    name: 'VICReg',
    ours: (z) => vicregLoss(z, rows(oracle.z2), weights).loss,
    plain: (z) => oracle.vicreg(z, oracle.z2).loss,
    at: oracle.z1,
    loss: golden.vicreg.loss,
    slope: golden.vicreg.dz1,
  },
];

describe.each(cases)('$name', ({ ours, plain, at, loss, slope }) => {
  it('has the golden value and slope in float32', () => {
    const found = valueAndSlope(ours, at);
    expectClose([found.value], [loss], float32);
    expectClose([found.slope], [slope], { rel: 1e-4, abs: 1e-6 });
  });
  it('agrees with the formula in float64', () => {
    expectClose([plain(at), oracle.slope(plain, at)], [loss, slope], float64);
  });
});

describe('terms', () => {
  const number = (t: tf.Tensor) => t.dataSync()[0] as number;
  it('VICReg gives the three terms of the authors’ code', () => {
    const { loss: _, ...terms } = vicregLoss(rows(oracle.z1), rows(oracle.z2), weights);
    for (const [name, value] of Object.entries(golden.vicregTerms))
      expectClose([number(terms[name as keyof typeof terms])], [value], float32);
  });
  it('Barlow Twins uses the biased variance, and λ where it says', () => {
    expectClose(
      [number(barlowTwinsLoss(rows(oracle.z1), rows(oracle.z2), 0.005).loss)],
      [golden.barlow0005],
      float32,
    );
    expectClose([oracle.barlowTwins(oracle.z1, oracle.z2, 0.0051, 1, 0)], [golden.barlowWrong], float64);
  });
  it('SimCLR and MoCo split into alignment and contrast', () => {
    const simclr = ntXentLoss(rows(oracle.z1), rows(oracle.z2), 0.5);
    expectClose([number(simclr.alignment) + number(simclr.contrast)], [golden.simclr05.loss], float32);
    const moco = infoNceLoss(rows(oracle.z1), l2Normalise(rows(oracle.z2)), rows(oracle.queue), 0.2);
    expectClose([number(moco.alignment) + number(moco.contrast)], [golden.moco02.loss], float32);
  });
});

describe('invariances', () => {
  const value = (t: tf.Tensor) => t.dataSync()[0] as number;
  const a = rows(oracle.z1);
  const b = rows(oracle.z2);
  it('is symmetric in the views', () => {
    expectClose([value(ntXentLoss(a, b, 0.2).loss)], [value(ntXentLoss(b, a, 0.2).loss)], float32);
    expectClose([value(vicregLoss(a, b, weights).loss)], [value(vicregLoss(b, a, weights).loss)], float32);
    expectClose([value(barlowTwinsLoss(a, b, 0.1).loss)], [value(barlowTwinsLoss(b, a, 0.1).loss)], float32);
  });
  it('Barlow Twins ignores scale and offset of each feature', () => {
    const moved = tf.add(tf.mul(b, 20), 4) as tf.Tensor2D;
    expectClose([value(barlowTwinsLoss(a, moved, 0.1).loss)], [value(barlowTwinsLoss(a, b, 0.1).loss)], {
      rel: 1e-4,
    });
  });
  it('stays finite where float32 would overflow or divide by zero', () => {
    const same = tf.ones([8, 6]) as tf.Tensor2D;
    const huge = tf.mul(a, 1e4) as tf.Tensor2D;
    const losses = [
      ntXentLoss(huge, tf.mul(b, -1e4), 0.03).loss,
      infoNceLoss(huge, l2Normalise(tf.neg(huge)), rows(oracle.queue), 0.03).loss,
      barlowTwinsLoss(same, same, 0.0051).loss,
      vicregLoss(same, same, weights).loss,
      ntXentLoss(tf.zeros([8, 6]), tf.zeros([8, 6]), 0.1).loss,
    ];
    for (const loss of losses) expect(Number.isFinite(value(loss))).toBe(true);
  });
});
