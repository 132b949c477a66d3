import { describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import { symmetricEigenvalues } from '../../electron/compute/probe/eigenvalues.ts';
import { principalAxes } from '../../electron/compute/probe/principal.ts';
import type { LabelledRows } from '../../electron/work/heads/head.ts';
import { fitNovelty, loadNovelty, places } from '../../electron/work/novelty.ts';
import { expectClose } from '../support/expectClose.ts';

const d = 6;
const prng = prngFrom(8);
/** Rows around one centre per class; each field lies a little off its class. */
function rows(fieldsPerClass: number, perField = 20): LabelledRows {
  const n = 2 * fieldsPerClass * perField;
  const x = new Float32Array(n * d);
  const group = Int32Array.from({ length: n }, (_, i) => Math.floor(i / perField));
  const y = group.map((g) => Number(g >= fieldsPerClass));
  const off = Array.from({ length: 2 * fieldsPerClass * d }, () => 0.5 * prng.normal());
  for (let i = 0; i < n * d; i++) {
    const row = Math.floor(i / d);
    x[i] = 4 * (y[row] ?? 0) + (off[(group[row] ?? 0) * d + (i % d)] ?? 0) + prng.normal();
  }
  return { x, y, group, n, d, classes: 2 };
}

describe('principal axes', () => {
  it('are eigenvectors of the covariance, with its eigenvalues, by descending variance', () => {
    const n = 300;
    const x = Float32Array.from({ length: n * d }, (_, i) => (1 + (i % d)) * prng.normal() + (i % 2));
    const { axes, variance, mean } = principalAxes(x, n, d, 3);
    const covariance = new Float64Array(d * d);
    for (let i = 0; i < n; i++)
      for (let a = 0; a < d; a++)
        for (let b = 0; b < d; b++)
          covariance[a * d + b] =
            (covariance[a * d + b] ?? 0) +
            (((x[i * d + a] ?? 0) - (mean[a] ?? 0)) * ((x[i * d + b] ?? 0) - (mean[b] ?? 0))) / n;
    const values = [...symmetricEigenvalues(covariance.slice(), d)].sort((a, b) => b - a);
    expectClose([...variance], values.slice(0, 3), { rel: 1e-4 });
    for (let k = 0; k < 3; k++) {
      const axis = Array.from({ length: d }, (_, j) => axes[j * 3 + k] ?? 0);
      const image = axis.map((_, a) => axis.reduce((s, v, b) => s + (covariance[a * d + b] ?? 0) * v, 0));
      expectClose(
        image,
        axis.map((v) => v * (variance[k] ?? 0)),
        { rel: 1e-2, abs: 0.02 },
      );
    }
  });
});

describe('unlike anything labelled', () => {
  const teach = rows(6);
  const novelty = fitNovelty(teach, 0);
  const flagged = (x: Float32Array, count: number) => {
    if (!novelty) throw new Error('no novelty');
    const at = places(x, count, d, novelty.w, new Float32Array(novelty.dim));
    return Array.from({ length: count }, (_, i) => novelty.distance(at, i * novelty.dim) > novelty.limit);
  };
  it('flags about one in a hundred of new fields like the labelled ones', () => {
    const fresh = rows(20);
    const share = flagged(fresh.x, fresh.n).filter(Boolean).length / fresh.n;
    expect(share).toBeLessThan(0.08);
  });
  it('flags what lies far from all', () => {
    const far = Float32Array.from({ length: 50 * d }, (_, i) => 2 + 9 * ((i % d) % 2) + 0.3 * prng.normal());
    expect(flagged(far, 50).filter(Boolean).length).toBeGreaterThan(45);
  });
  it('comes back from its arrays, and is silent where each class has one field', () => {
    expect(novelty && loadNovelty(novelty.arrays).limit).toBe(novelty?.limit);
    expect(fitNovelty(rows(1), 0)).toBeNull();
  });
});
