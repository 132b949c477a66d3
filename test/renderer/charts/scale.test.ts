import { expect, test } from 'vitest';
import { extentOf, fittingTicks, niceTicks, type Point, thin } from '../../../renderer/charts/scale.ts';

test('ticks are round, inside, and free of floating-point noise', () => {
  expect(niceTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(niceTicks(-3, 47, 4)).toEqual([0, 20, 40]);
  expect(niceTicks(5, 5, 4)).toEqual([5]);
});

test('tick labels have room beside each other', () => {
  for (const [pixels, labels] of [
    [290, ['0', '15']],
    [290, ['0', '125,000']],
    [90, ['0', '1,250,000']],
  ] as const) {
    const n = fittingTicks(pixels, labels);
    const longest = Math.max(...labels.map((l) => l.length)) * 6;
    expect(n).toBeGreaterThanOrEqual(1);
    expect(n === 1 || n * longest < pixels).toBe(true);
  }
});

test('thinning keeps every peak and the last point', () => {
  const points = Array.from({ length: 5000 }, (_, i): Point => [i, i === 1234 ? 99 : i === 4321 ? -99 : 0]);
  const few = thin(points, 100);
  expect(few.length).toBeLessThan(250);
  expect(few.some(([x, y]) => x === 1234 && y === 99)).toBe(true);
  expect(few.some(([x, y]) => x === 4321 && y === -99)).toBe(true);
  expect(few.at(-1)).toEqual([4999, 0]);
});

test('a flat line gets room on both sides', () => {
  const [low, high] = extentOf([
    [
      [0, 2],
      [1, 2],
    ],
  ]);
  expect(low).toBeLessThan(2);
  expect(high).toBeGreaterThan(2);
});
