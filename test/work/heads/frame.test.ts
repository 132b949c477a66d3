import { describe, expect, it } from 'vitest';
import { must } from '../../../electron/base/assert.ts';
import { frameOf } from '../../../electron/work/heads/frame.ts';
import { expectClose } from '../../support/expectClose.ts';

/** The numbers that NumPy was given: a linear congruential generator, mixed by a matrix, as float32. */
function differences(n: number): Float32Array {
  let state = 12345n;
  const next = () => {
    state = (1103515245n * state + 12345n) % 2n ** 31n;
    return Number(state) / 2 ** 31 - 0.5;
  };
  const out = new Float32Array(3 * n);
  for (let i = 0; i < n; i++) {
    const [a, b, c] = [next(), next(), next()];
    out.set([a + 0.8 * b, 0.5 * b + 0.3 * c, 2 * c], 3 * i);
  }
  return out;
}
const mean = Float64Array.of(5, -1, 2);
const std = Float64Array.of(1, 0.5, 4);

describe('a frame', () => {
  it('makes the inverse scatter of close neighbours the metric, as NumPy computes it', () => {
    const { matrix } = must(frameOf({ differences: differences(200), mean, std }), 'frame');
    const metric = Array.from({ length: 9 }, (_, at) => {
      const [i, j] = [Math.floor(at / 3), at % 3];
      return [0, 1, 2].reduce((sum, k) => sum + (matrix[3 * i + k] ?? 0) * (matrix[3 * j + k] ?? 0), 0);
    });
    // z = D/std; the 30 % shortest rows; S = zᵀz/k + .02·tr(S)/3·1; diag(1/std)·inv(S)·diag(1/std), NumPy 1.24.
    const expected = [
      37.46624258, -9.65986885, -0.32155973, -9.65986885, 182.30924617, 1.11668565, -0.32155973, 1.11668565,
      2.94924844,
    ];
    expectClose(metric, expected, { rel: 1e-5 });
  });
  it('is not made of too few pairs, and stays finite where neighbours are alike', () => {
    expect(frameOf({ differences: differences(99), mean, std })).toBeNull();
    const { matrix } = must(frameOf({ differences: new Float32Array(600), mean, std }), 'frame');
    expect(matrix.every(Number.isFinite)).toBe(true);
    const constant = must(
      frameOf({ differences: new Float32Array(600), mean, std: Float64Array.of(0, 1, 1) }),
      'frame',
    );
    expect(constant.matrix.every(Number.isFinite)).toBe(true);
  });
});
