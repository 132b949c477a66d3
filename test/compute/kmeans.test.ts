import { describe, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import { kmeans, nearestCentre } from '../../electron/compute/probe/kmeans.ts';
import { expectClose } from '../support/expectClose.ts';

/** Three clouds of 50, 100 and 200 rows around known centres. */
const truth = [
  [0, 0],
  [10, 0],
  [0, 10],
];
const prng = prngFrom(3);
const rows = truth.flatMap((centre, c) =>
  Array.from({ length: 50 * 2 ** c }, () => centre.map((v) => v + prng.normal())),
);
const x = Float32Array.from(rows.flat());

describe('groups of like rows', () => {
  it.each([0, 1, 2, 3, 4])('finds clouds that lie apart, the largest first (seed %s)', (seed) => {
    const centres = kmeans(x, rows.length, 2, 3, seed);
    expectClose(centres, [0, 10, 10, 0, 0, 0], { abs: 0.5 });
  });
  it('leaves every row with the mean of its group nearest', () => {
    const centres = kmeans(x, rows.length, 2, 5, 1);
    const own = rows.map((_, i) => nearestCentre(x, 2 * i, centres, 2));
    for (let c = 0; c < 5; c++) {
      const members = rows.filter((_, i) => own[i] === c);
      const mean = [0, 1].map((j) => members.reduce((sum, row) => sum + (row[j] ?? 0), 0) / members.length);
      expectClose(mean, centres.subarray(2 * c, 2 * c + 2), { abs: 1e-4 });
    }
  });
});
