import type { SamplePoint } from '../../../electron/contract/guidance.ts';

/** Index of the next point without a class after `from`, past the end from the first on; where all have one, the next. */
export function nextOpen(points: readonly Pick<SamplePoint, 'classCode'>[], from: number): number {
  if (points.length === 0) return 0;
  const order = points.map((_, i) => (from + 1 + i + points.length) % points.length);
  return order.find((i) => points[i]?.classCode === null) ?? (from + 1) % points.length;
}
