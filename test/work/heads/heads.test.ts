import { describe, expect, it } from 'vitest';
import { prngFrom } from '../../../electron/base/prng.ts';
import { fitHead, foldsOfGroups } from '../../../electron/work/heads/fit.ts';
import { argmaxRows, type LabelledRows } from '../../../electron/work/heads/head.ts';
import { choosePenalty, fitLinear } from '../../../electron/work/heads/linear.ts';
import { loadHead } from '../../../electron/work/heads/load.ts';
import { fitLogistic } from '../../../electron/work/heads/logistic.ts';
import { expectClose } from '../../support/expectClose.ts';

const signal = new AbortController().signal;
const d = 4;
/** Three classes around (3, 0, 0), (0, 3, 0), (0, 0, 3), far from the origin and in odd units; 4 groups each. */
function draw(perClass: number, seed: number, spread = 1): LabelledRows {
  const prng = prngFrom(seed);
  const n = 3 * perClass;
  const units = [1, 1000, 0.01, 1];
  const x = new Float32Array(n * d);
  const y = Int32Array.from({ length: n }, (_, i) => i % 3);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) {
      x[i * d + j] = (50 + (j === i % 3 ? 3 : 0) + spread * prng.normal()) * (units[j] ?? 1);
    }
  }
  const group = Int32Array.from({ length: n }, (_, i) => (i % 3) * 4 + (Math.floor(i / 3) % 4));
  return { x, y, group, n, d, classes: 3 };
}
const rows = draw(20, 1);
const asked = draw(200, 2);

describe.each(['linear', 'mlp', 'knn'] as const)('the %s head', (kind) => {
  it('learns whatever the units, and gives rows of probabilities', async () => {
    const head = await fitHead(kind, rows, 0, signal);
    const p = head.predict(asked.x, asked.n);
    const said = argmaxRows(p, 3);
    expect(said.filter((c, i) => c === asked.y[i]).length / asked.n).toBeGreaterThan(0.9);
    for (let i = 0; i < asked.n; i++) {
      expect((p[3 * i] ?? 0) + (p[3 * i + 1] ?? 0) + (p[3 * i + 2] ?? 0)).toBeCloseTo(1, 5);
    }
  });
  it('comes back from its arrays as it was', async () => {
    const head = await fitHead(kind, rows, 0, signal);
    const again = loadHead(kind, head.settings, head.arrays);
    expect(again.predict(asked.x, asked.n)).toEqual(head.predict(asked.x, asked.n));
  });
});

describe('the linear head', () => {
  it('is softmax(x·w + b) on features as they come', async () => {
    const { linear, predict } = await fitLinear(rows, 1, signal);
    const { w, b } = linear ?? { w: new Float32Array(0), b: new Float32Array(0) };
    const p = predict(asked.x.subarray(0, d), 1);
    const z = [0, 1, 2].map((c) => {
      let sum = b[c] ?? 0;
      for (let j = 0; j < d; j++) sum += (asked.x[j] ?? 0) * (w[j * 3 + c] ?? 0);
      return Math.exp(sum);
    });
    const total = z.reduce((a, v) => a + v, 0);
    expectClose(
      p,
      z.map((v) => v / total),
      { rel: 1e-3, abs: 1e-5 },
    );
  });
  it('chooses a strong penalty for noise and keeps the usual one where nothing is clearly better', async () => {
    const prng = prngFrom(9);
    const labels = Int32Array.from({ length: rows.n }, () => prng.integer(3));
    const noise = { ...rows, y: labels, group: Int32Array.from({ length: rows.n }, (_, i) => i) };
    expect(await choosePenalty(noise, foldsOfGroups(noise, 0), 1, signal)).toBe(100);
    expect(await choosePenalty(rows, [], 10, signal)).toBe(10);
  });
  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await expect(fitLogistic(rows, 1, controller.signal)).rejects.toThrow('enough');
  });
});

describe('inner folds', () => {
  it('leave out whole groups, each once', () => {
    const folds = foldsOfGroups(rows, 3);
    expect(folds.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: rows.n }, (_, i) => i));
    for (const fold of folds) {
      const groups = new Set(fold.map((i) => rows.group[i]));
      const inside = Array.from({ length: rows.n }, (_, i) => i).filter((i) => groups.has(rows.group[i]));
      expect(fold.toSorted((a, b) => a - b)).toEqual(inside);
    }
  });
});

it('takes the settings that are given, and chooses none of them', async () => {
  const linear = await fitHead('linear', rows, 0, signal, { penalty: 3 });
  expect(linear.settings.penalty).toBe(3);
  const knn = await fitHead('knn', rows, 0, signal, { k: 2 });
  expect(knn.settings).toMatchObject({ k: 2, temperature: 0.1 });
});
