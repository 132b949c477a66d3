/** The heads that a learning curve compares, each with the settings that its users would take. */
import { never } from '../../base/assert.ts';
import type { CurveHead } from '../../contract/run.ts';
import { fitForest } from '../baselines/randomForest.ts';
import { fitSupportVectors, scaleGamma } from '../baselines/supportVectors.ts';
import { fitHead } from '../heads/fit.ts';
import { argmaxRows, columnScale, type LabelledRows, standardised } from '../heads/head.ts';

/** [n, d] → index of the class. */
export type Classifier = (x: Float32Array, n: number) => Int32Array;

/** Trees of the forest, and C of the support vectors: the usual choices in remote sensing. */
const trees = 300;
const c = 10;

/** Errors: aborted. */
export async function fitClassifier(
  head: CurveHead,
  rows: LabelledRows,
  seed: number,
  signal: AbortSignal,
): Promise<Classifier> {
  switch (head) {
    case 'linear':
    case 'knn': {
      const fitted = await fitHead(head, rows, seed, signal);
      return (x, n) => argmaxRows(fitted.predict(x, n), rows.classes);
    }
    case 'random-forest': {
      const forest = fitForest(rows, trees, seed);
      return (x, n) => argmaxRows(forest.predict(x, n), rows.classes);
    }
    case 'svm': {
      const scale = columnScale(rows.x, rows.n, rows.d);
      const x = standardised(rows.x, rows.d, scale);
      const machine = fitSupportVectors({ ...rows, x }, c, scaleGamma({ x, d: rows.d }));
      return (asked, n) => machine.predict(standardised(asked, rows.d, scale), n);
    }
    default:
      return never(head, 'head of a learning curve');
  }
}
