import { describe, expect, it } from 'vitest';
import type { CurveHead, LearnCurveResult } from '../../electron/contract/run.ts';
import { curveOutlooks, curveTable, curveVerdicts, outlookText } from '../../electron/hosts/cli/curveText.ts';

const row = (features: string, head: CurveHead, shots: number, oa: number) => ({
  features,
  head,
  shots,
  oa: { mean: oa, sd: 0.0123 },
  kappa: { mean: oa - 0.1, sd: 0.02 },
  macroF1: { mean: oa - 0.2, sd: 0.03 },
});
const curve = (results: LearnCurveResult['results']): LearnCurveResult => ({
  split: 'field',
  seeds: 10,
  protocol: '',
  notes: [],
  classes: [1, 2],
  results,
  seconds: 1,
});

describe('a learning curve in words', () => {
  const result = curve([
    row('vicreg-1', 'linear', 5, 0.91),
    row('vicreg-1', 'linear', 10, 0.9),
    row('vicreg-1', 'linear', 20, 0.88),
    row('simclr-1', 'linear', 5, 0.93),
    row('simclr-1', 'linear', 10, 0.8),
    row('simclr-1', 'linear', 20, 0.8),
    ...[5, 10, 20].flatMap((n) => [row('raw', 'svm', n, 0.5), row('statistics', 'random-forest', n, 0.9)]),
  ]);

  it('sets the best encoder against the best baseline, wins and losses alike', () => {
    const [five, ten, twenty, ...more] = curveVerdicts(result);
    expect(five).toContain('simclr-1 (linear, 0.930) beats');
    expect(five).toContain('random-forest on local statistics, 0.900) by 3.0 points');
    expect(ten).toContain('vicreg-1 (linear, 0.900) is level with');
    expect(twenty).toContain('vicreg-1 (linear, 0.880) loses to');
    expect(twenty).toContain('by 2.0 points');
    expect(more).toEqual([]);
  });

  it('says nothing where one side is missing', () => {
    expect(curveVerdicts(curve([row('raw', 'svm', 5, 0.5)]))).toEqual([]);
    expect(curveVerdicts(curve([row('vicreg-1', 'knn', 5, 0.5)]))).toEqual([]);
  });

  it('says what as many labels again would give, where the error falls as a power of their number', () => {
    // Errors of .2, .1 and .05: halved by each doubling, so 20 more labels bring half of what is left.
    const falling = [5, 10, 20].map((n) => row('vicreg-1', 'linear', n, 1 - 1 / n));
    const [outlook] = curveOutlooks(
      curve([...falling, row('raw', 'svm', 5, 0.5), row('raw', 'svm', 10, 0.6)]),
    );
    expect(outlook).toMatchObject({ features: 'vicreg-1', head: 'linear', labels: 20, more: 20 });
    expect(outlook?.gain).toBeCloseTo(0.025, 6);
    expect(outlook && outlookText(outlook)).toMatch(/^About 20 more labels per class .* 2\.5 points/);
    const flat = [5, 10].map((n) => row('vicreg-1', 'linear', n, 0.9));
    expect(curveOutlooks(curve(flat)).map(outlookText).join()).toContain('would hardly help');
  });

  it('has one line per features and head, and one column of accuracy per number of labels', () => {
    const [head = '', , ...lines] = curveTable(result).split('\n');
    expect(head).toMatch(/accuracy, 5 labels +accuracy, 10 labels +accuracy, 20 labels +kappa, 20/);
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(
      /^vicreg-1 +linear +0\.910 ± 0\.012 +0\.900 ± 0\.012 +0\.880 ± 0\.012 +0\.780 ± 0\.020 +0\.680 ± 0\.030$/,
    );
    expect(lines[2]).toMatch(/^raw bands +svm/);
  });
});
