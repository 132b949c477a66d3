import { expect, test } from 'vitest';
import { best, linesOf, outlook } from '../../../electron/contract/curveFit.ts';
import type { Suggestion } from '../../../electron/contract/guidance.ts';
import type { LearnCurveResult } from '../../../electron/contract/run.ts';
import { labelOf } from '../../../renderer/domains/next/places.ts';
import { nextOpen } from '../../../renderer/domains/sample/nextOpen.ts';
import { field } from '../state/fixtures.ts';

const row = (shots: number, oa: number, sd = 0, features = 'raw'): LearnCurveResult['results'][number] => ({
  features,
  head: 'linear',
  shots,
  oa: { mean: oa, sd },
  kappa: { mean: 0, sd: 0 },
  macroF1: { mean: 0, sd: 0 },
});

test('as many labels again halve the error where the curve says so', () => {
  // Error 0.4, 0.2, 0.1 at 5, 10, 20: a power of −1, so 40 labels leave 0.05.
  const found = outlook([row(5, 0.6), row(10, 0.8), row(20, 0.9)]);
  expect(found?.more).toBe(20);
  expect(found?.gain).toBeCloseTo(0.05, 6);
});

test('a curve that is flat, falls, drowns in its spread or has one point promises nothing', () => {
  expect(outlook([row(5, 0.9), row(10, 0.9), row(20, 0.9)])).toBeNull();
  expect(outlook([row(5, 0.9), row(10, 0.85)])).toBeNull();
  expect(outlook([row(5, 0.6), row(10, 0.61, 0.2)])).toBeNull();
  expect(outlook([row(5, 0.6)])).toBeNull();
});

test('curves are told apart by features and classifier, and the best is the highest', () => {
  const results = [row(10, 0.7), row(5, 0.6), row(5, 0.8, 0, 'run-1')];
  const lines = linesOf({ results } as unknown as LearnCurveResult);
  expect(lines.map((l) => l.rows.map((r) => r.shots))).toEqual([[5, 10], [5]]);
  expect(best(results)?.features).toBe('run-1');
  expect(best([])).toBeUndefined();
});

test('the next open point is looked for past the end', () => {
  const points = [null, 3, null, 4].map((classCode) => ({ classCode }));
  expect([-1, 0, 1, 2, 3].map((from) => nextOpen(points, from))).toEqual([0, 2, 2, 0, 0]);
  expect(nextOpen([{ classCode: 1 }, { classCode: 1 }], 1)).toBe(0);
  expect(nextOpen([], 0)).toBe(0);
});

test('a place knows the class of its field, or of the square made at it', () => {
  const place: Suggestion = {
    x: 10,
    y: -20,
    field: null,
    code: 1,
    confidence: 0.5,
    runnerUp: null,
    score: 0.5,
    reason: '',
  };
  const square = (x: number, y: number) =>
    [
      [x - 2, y - 2],
      [x + 2, y - 2],
      [x + 2, y + 2],
      [x - 2, y + 2],
      [x - 2, y - 2],
    ] as [number, number][];
  const made = (x: number, y: number, classCode: number) =>
    field('f', {
      classCode,
      source: 'drawn',
      geometry: { type: 'Polygon', coordinates: [square(x, y)] },
    });
  expect(labelOf([made(11, -20, 4), made(10, -20, 3)], place)).toBe(3);
  expect(labelOf([made(11, -20, 4)], place)).toBeNull();
  expect(labelOf([field('x', { classCode: 7 })], { ...place, field: 'x' })).toBe(7);
});
