import { describe, expect, it } from 'vitest';
import { must } from '../../../electron/base/assert.ts';
import { prngFrom } from '../../../electron/base/prng.ts';
import { fitHead } from '../../../electron/work/heads/fit.ts';
import { type FramedPart, type LabelledRows, pickRows } from '../../../electron/work/heads/head.ts';
import { fitLinear } from '../../../electron/work/heads/linear.ts';
import { fitPool, framedRows } from '../../../electron/work/heads/pool.ts';
import { expectClose } from '../../support/expectClose.ts';

const signal = new AbortController().signal;
const prng = prngFrom(4);
const [n, d, classes] = [60, 5, 3];
const rows: LabelledRows = {
  x: Float32Array.from(
    { length: n * d },
    (_, i) => (i % d === Math.floor(i / d) % classes ? 4 : 1) + prng.normal(),
  ),
  y: Int32Array.from({ length: n }, (_, i) => i % classes),
  group: Int32Array.from({ length: n }, (_, i) => (i % classes) * 4 + (Math.floor(i / classes) % 4)),
  n,
  d,
  classes,
};
const frame = (size: number) => ({
  mean: Float64Array.from({ length: size }, (_, j) => j - 1),
  matrix: Float64Array.from({ length: size * size }, () => prng.normal()),
});
const parts: FramedPart[] = [
  { from: 0, size: 3, frame: frame(3) },
  { from: 3, size: 2, frame: frame(2) },
];

describe('a pool of linear heads', () => {
  it('is one linear head whose logits are the mean of those of its parts', async () => {
    const head = await fitPool(rows, parts, async () => 2, signal);
    const { w, b } = must(head.linear, 'linear head');
    const folded = logits(rows, w, b);
    const expected = new Float64Array(n * classes);
    for (const part of parts) {
      const own = framedRows(rows, part);
      const alone = must((await fitLinear(own, 2, signal, false)).linear, 'head of a part');
      logits(own, alone.w, alone.b).forEach((v, i) => {
        expected[i] = (expected[i] ?? 0) + v / 2;
      });
    }
    expectClose(folded, expected, { rel: 1e-4, abs: 1e-4 });
    expect(head.settings).toEqual({ penalty: 2, penalty2: 2 });
  });
  it('is what the linear head becomes where parts have frames, the same every time', async () => {
    const pooled = await fitHead('linear', { ...rows, parts }, 3, signal);
    const again = await fitHead('linear', { ...rows, parts }, 3, signal);
    expect(Object.keys(pooled.settings)).toEqual(['penalty', 'penalty2']);
    expect(again.arrays).toEqual(pooled.arrays);
  });
  it('keeps its parts when rows are picked', () => {
    expect(pickRows({ ...rows, parts }, [1, 2]).parts).toBe(parts);
  });
});

function logits({ x, n: count, d: dim }: LabelledRows, w: Float32Array, b: Float32Array): Float64Array {
  return Float64Array.from({ length: count * classes }, (_, at) => {
    const [i, c] = [Math.floor(at / classes), at % classes];
    let sum = b[c] ?? 0;
    for (let j = 0; j < dim; j++) sum += (x[i * dim + j] ?? 0) * (w[j * classes + c] ?? 0);
    return sum;
  });
}
