import { describe, expect, it } from 'vitest';
import { classScores, PairCounter, scores } from '../../../electron/work/accuracy/confusion.ts';
import { expectClose } from '../../support/expectClose.ts';

/**
 * Numbers from scikit-learn 1.2.1 (Debian 12): y_true and y_pred below, cohen_kappa_score, f1_score(average='macro', labels=[1, 2, 5, 9]),
 * precision, recall and f1 of precision_recall_fscore_support with zero_division=0.
 */
const truth = [1, 1, 1, 1, 2, 2, 2, 5, 5, 5, 5, 5, 5, 2, 1, 1, 9, 9, 9, 1];
const mapped = [1, 1, 2, 1, 2, 2, 5, 5, 5, 5, 1, 5, 5, 2, 1, 7, 9, 5, 9, 1];

describe('confusion', () => {
  const pairs = new PairCounter();
  truth.forEach((reference, i) => {
    pairs.add(mapped[i] ?? 0, reference);
  });
  const table = pairs.table();

  it('has rows of the map and columns of the reference', () => {
    expect(table.codes).toEqual([1, 2, 5, 7, 9]);
    expect(table.counts).toEqual([
      [5, 0, 1, 0, 0],
      [1, 3, 0, 0, 0],
      [0, 1, 5, 0, 1],
      [1, 0, 0, 0, 0],
      [0, 0, 0, 0, 2],
    ]);
  });
  it('agrees with scikit-learn on overall accuracy, kappa and macro F1', () => {
    const { oa, kappa, macroF1 } = scores(table);
    expectClose([oa, kappa, macroF1], [0.75, 0.6598639455782314, 0.7721153846153846], { rel: 1e-12 });
  });
  it('gives null, not a number, where a share has no basis', () => {
    const seven = classScores(table)[3];
    expect(seven).toEqual({ code: 7, users: 0, producers: null, f1: 0 });
  });
  it('keeps codes that were asked for although they never occur', () => {
    const with8 = pairs.table([8]);
    expect(with8.codes).toEqual([1, 2, 5, 7, 8, 9]);
    expect(classScores(with8)[4]).toEqual({ code: 8, users: null, producers: null, f1: null });
    expect(scores(with8)).toEqual(scores(table));
  });
  it('refuses an empty table', () => {
    expect(() => scores({ codes: [1], counts: [[0]] })).toThrow(/empty/);
  });
});
