import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fitForest } from '../../../electron/work/baselines/randomForest.ts';
import { fitSupportVectors, scaleGamma } from '../../../electron/work/baselines/supportVectors.ts';
import { softmaxRows } from '../../../electron/work/classify.ts';
import { argmaxRows } from '../../../electron/work/heads/head.ts';
import { fitLogistic } from '../../../electron/work/heads/logistic.ts';
import { expectClose } from '../../support/expectClose.ts';

/** Made by test/oracles/sklearn/make.py, which says how and with which versions. */
const oracle = JSON.parse(
  readFileSync(new URL('../../oracles/sklearn/heads.json', import.meta.url), 'utf8'),
) as {
  classes: number;
  features: number;
  x: number[];
  y: number[];
  asked: number[];
  truth: number[];
  logistic: Record<string, { probabilities: number[]; weights: number[] }>;
  svm: { gamma: number; decision: number[]; predicted: number[] };
  forest: { probabilities: number[]; spread: number; accuracy: { mean: number; sd: number } };
};
const { classes, features: d } = oracle;
const problem = {
  x: Float32Array.from(oracle.x),
  y: Int32Array.from(oracle.y),
  n: oracle.y.length,
  d,
  classes,
};
const asked = Float32Array.from(oracle.asked);
const n = oracle.truth.length;
const signal = new AbortController().signal;

describe('logistic regression', () => {
  it.each(['0.1', '1.0', '10.0'])('is scikit-learn’s at a penalty of %s', async (penalty) => {
    const expected = oracle.logistic[penalty];
    const { w, b } = await fitLogistic(problem, Number(penalty), signal);
    expectClose(w, expected?.weights ?? [], { rel: 1e-3, abs: 1e-3 });
    const logits = new Float32Array(50 * classes);
    for (let i = 0; i < 50; i++) {
      for (let c = 0; c < classes; c++) {
        for (let j = 0; j < d; j++) {
          logits[i * classes + c] =
            (logits[i * classes + c] ?? 0) + (asked[i * d + j] ?? 0) * (w[j * classes + c] ?? 0);
        }
      }
    }
    const p = softmaxRows(logits, Float32Array.from(b));
    expectClose(p, expected?.probabilities ?? [], { rel: 1e-3, abs: 2e-4 });
  });
});

describe('support vectors', () => {
  const gamma = scaleGamma(problem);
  const fit = fitSupportVectors(problem, 10, gamma);
  it('takes the gamma that scikit-learn calls scale', () => expectClose([gamma], [oracle.svm.gamma]));
  it('decides as libsvm does', () => {
    const decision: number[] = [];
    for (let i = 0; i < n; i++) {
      for (const machine of fit.machines) {
        decision.push(
          machine.rows.reduce((sum, row, s) => {
            let squares = 0;
            for (let f = 0; f < d; f++) {
              squares += ((asked[i * d + f] ?? 0) - (problem.x[row * d + f] ?? 0)) ** 2;
            }
            return sum + (machine.coefficients[s] ?? 0) * Math.exp(-gamma * squares);
          }, -machine.rho),
        );
      }
    }
    // Both stop at a tolerance: ours at libsvm's default of 1e-3.
    expectClose(decision, oracle.svm.decision, { rel: 0, abs: 6e-3 });
  });
  it('predicts as libsvm does', () => {
    const predicted = fit.predict(asked, n);
    const same = oracle.svm.predicted.filter((label, i) => predicted[i] === label).length;
    expect(same / n).toBeGreaterThan(0.995);
  });
});

describe('random forest', () => {
  const forest = fitForest(problem, 300, 0);
  const p = forest.predict(asked, n);
  it('gives the class shares of scikit-learn’s forests, as close as those are to each other', () => {
    const mean = oracle.forest.probabilities;
    const off = p.reduce((sum, v, i) => sum + Math.abs(v - (mean[i] ?? 0)), 0) / p.length;
    expect(off).toBeLessThan(1.5 * oracle.forest.spread);
  });
  it('is as accurate', () => {
    const said = argmaxRows(p, classes);
    const accuracy = oracle.truth.filter((label, i) => said[i] === label).length / n;
    const { mean, sd } = oracle.forest.accuracy;
    expect(Math.abs(accuracy - mean)).toBeLessThan(4 * sd);
  });
  it('is the same forest from the same seed, another from another', () => {
    expect(fitForest(problem, 5, 3).predict(asked, n)).toEqual(fitForest(problem, 5, 3).predict(asked, n));
    expect(fitForest(problem, 5, 4).predict(asked, n)).not.toEqual(
      fitForest(problem, 5, 3).predict(asked, n),
    );
  });
});
