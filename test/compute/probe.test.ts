import { describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import { normal } from '../../electron/compute/layers/arrays.ts';
import { judgeCollapse } from '../../electron/compute/probe/collapse.ts';
import { symmetricEigenvalues } from '../../electron/compute/probe/eigenvalues.ts';
import { neighbourAccuracy } from '../../electron/compute/probe/neighbours.ts';
import { effectiveRank, rankMe } from '../../electron/compute/probe/rank.ts';
import {
  alignment,
  meanPairwiseCosine,
  stdOfNormalised,
  uniformity,
} from '../../electron/compute/probe/sphere.ts';
import type { NdArray } from '../../electron/compute/step.ts';
import * as oracle from '../oracles/selfSupervised.ts';
import { expectClose } from '../support/expectClose.ts';

const { golden } = oracle;
const matrix = (rows: oracle.Rows): NdArray => ({
  shape: [rows.length, rows[0]?.length ?? 0],
  data: Float32Array.from(rows.flat()),
});
const [a, b] = [matrix(oracle.z1), matrix(oracle.z2)];
/** Inputs are rounded to float32; the arithmetic is float64. */
const close = { rel: 1e-6, abs: 1e-7 };

describe('figures of embeddings', () => {
  it('match the golden numbers', () => {
    expectClose([rankMe(a)], [golden.rankMe], close);
    expectClose([effectiveRank(a)], [golden.effectiveRank], close);
    expectClose([stdOfNormalised(a)], [golden.stdOfUnit], close);
    expectClose([alignment(a, b)], [golden.alignment], close);
    expectClose([uniformity(a)], [golden.uniformity], close);
  });
  it('takes the rank from either side of the matrix', () => {
    const wide = matrix(oracle.z1.slice(0, 4));
    const tall = matrix((oracle.z1[0] ?? []).map((_, j) => oracle.z1.slice(0, 4).map((row) => row[j] ?? 0)));
    expectClose([rankMe(wide)], [rankMe(tall)], { rel: 1e-6 });
  });
  it('counts directions: k equal orthogonal rows give k', () => {
    const identity = matrix(
      Array.from({ length: 5 }, (_, i) => Array.from({ length: 5 }, (_, j) => (i === j ? 3 : 0))),
    );
    expectClose([rankMe(identity)], [5], { rel: 1e-5 });
  });
  it('gives cosine 1 to equal rows and −1/(n−1) to a regular simplex', () => {
    expectClose(
      [
        meanPairwiseCosine(
          matrix([
            [1, 2],
            [2, 4],
            [3, 6],
          ]),
        ),
      ],
      [1],
      { rel: 1e-7 },
    );
    const simplex = [0, 1, 2].map((k) => [Math.cos((2 * Math.PI * k) / 3), Math.sin((2 * Math.PI * k) / 3)]);
    expectClose([meanPairwiseCosine(matrix(simplex))], [-0.5], { rel: 1e-6 });
  });
});

describe('eigenvalues', () => {
  it('of a product QΛQᵀ are Λ', () => {
    // Reflections make an orthogonal matrix without any solver.
    const n = 60;
    const prng = prngFrom('eigen');
    const wanted = Float64Array.from({ length: n }, (_, i) => (i % 7 === 0 ? 0 : 10 ** (-i / 10)));
    const m = new Float64Array(n * n);
    wanted.forEach((value, i) => {
      m[i * n + i] = value;
    });
    for (let k = 0; k < 5; k++) {
      const v = Float64Array.from({ length: n }, () => prng.normal());
      const square = v.reduce((s, x) => s + x * x, 0);
      reflect(m, v, square, n, false);
      reflect(m, v, square, n, true);
    }
    expectClose(symmetricEigenvalues(m, n), wanted.sort().reverse(), { rel: 1e-9, abs: 1e-13 });
  });
  it('of one number is that number', () => expectClose(symmetricEigenvalues(Float64Array.of(4), 1), [4]));
});

function reflect(m: Float64Array, v: Float64Array, square: number, n: number, transposed: boolean): void {
  const at = (i: number, j: number) => (transposed ? j * n + i : i * n + j);
  for (let j = 0; j < n; j++) {
    let along = 0;
    for (let i = 0; i < n; i++) along += (v[i] as number) * (m[at(i, j)] as number);
    for (let i = 0; i < n; i++)
      m[at(i, j)] = (m[at(i, j)] as number) - (2 * along * (v[i] as number)) / square;
  }
}

describe('nearest neighbours', () => {
  const two = matrix([
    [1, 0],
    [1, 0.1],
    [0, 1],
    [0.1, 1],
    [1, 0.05],
    [0, 0.9],
  ]);
  it('names separated classes', () =>
    expect(neighbourAccuracy(two, [0, 0, 1, 1, 0, 1], [0, 1, 2, 3, 4, 5], 1)).toBe(1));
  it('asks no one of the same field', () => {
    // Each class is one field: only the other class can vote, so every vote is wrong.
    expect(neighbourAccuracy(two, [0, 0, 1, 1, 0, 1], [0, 0, 1, 1, 0, 1], 1)).toBe(0);
    expect(neighbourAccuracy(two, [0, 0, 1, 1, 0, 1], [0, 0, 0, 0, 0, 0], 1)).toBeNaN();
  });
});

describe('collapse', () => {
  const healthy = {
    method: 'vicreg',
    embeddingDim: 64,
    zStd: 0.12,
    embeddingRank: 9,
    lostVariance: 0.4,
    rankMe: 30,
    meanCosine: 0.2,
    untrainedRankMe: 20,
  } as const;
  it('is judged by spread, sameness and lost rank', () => {
    expect(judgeCollapse(healthy).verdict).toBe('none');
    expect(judgeCollapse({ ...healthy, zStd: 0.001 }).verdict).toBe('full');
    expect(judgeCollapse({ ...healthy, meanCosine: 0.999 }).verdict).toBe('full');
    const partial = judgeCollapse({ ...healthy, rankMe: 5 });
    expect(partial.verdict).toBe('partial');
    expect(partial.cause).toContain('RankMe is 5.0');
    expect(partial.remedy).toContain('varianceWeight');
    expect(judgeCollapse({ ...healthy, embeddingRank: 1.4 }).cause).toContain('on a line');
    expect(judgeCollapse({ ...healthy, lostVariance: 0.97 }).verdict).toBe('full');
  });
  it('sees random embeddings as healthy', () => {
    const z = normal([256, 64], 1, prngFrom('z'));
    expectClose([stdOfNormalised(z) * 8], [1], { rel: 0.02 });
    expect(rankMe(z)).toBeGreaterThan(50);
  });
});
