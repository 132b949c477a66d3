/** Principal axes of features: the directions in which they vary most. */
import { assert } from '../../base/assert.ts';
import { prngFrom } from '../../base/prng.ts';

export interface PrincipalAxes {
  /** Mean of each column. */
  readonly mean: Float64Array;
  /** [d, q]: one axis per column, orthonormal, by descending variance. */
  readonly axes: Float64Array;
  /** Variance along each axis. */
  readonly variance: Float64Array;
}

const rounds = 80;

/**
 * The first `q` axes of the rows of x [n, d], by orthogonal iteration on the covariance (Golub and Van Loan, Matrix
 * Computations, 4th ed., algorithm 8.2.8). The sign of an axis is such that its largest entry is positive.
 */
export function principalAxes(x: Float32Array, n: number, d: number, q: number): PrincipalAxes {
  assert(n > 0 && x.length >= n * d && q > 0 && q <= d, `${q} axes of ${n} rows of ${d}`);
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < d; j++) mean[j] = (mean[j] as number) + (x[i * d + j] as number) / n;
  const covariance = covarianceOf(x, n, d, mean);
  const prng = prngFrom(0, 'principal axes');
  let axes = orthonormal(
    Float64Array.from({ length: d * q }, () => prng.normal()),
    d,
    q,
  );
  for (let round = 0; round < rounds; round++) axes = orthonormal(times(covariance, axes, d, q), d, q);
  const image = times(covariance, axes, d, q);
  const variance = new Float64Array(q);
  for (let k = 0; k < q; k++) {
    let largest = 0;
    for (let j = 0; j < d; j++) {
      const at = j * q + k;
      variance[k] = (variance[k] as number) + (axes[at] as number) * (image[at] as number);
      if (Math.abs(axes[at] as number) > Math.abs(largest)) largest = axes[at] as number;
    }
    if (largest < 0) for (let j = 0; j < d; j++) axes[j * q + k] = -(axes[j * q + k] as number);
  }
  return { mean, axes, variance };
}

function covarianceOf(x: Float32Array, n: number, d: number, mean: Float64Array): Float64Array {
  const out = new Float64Array(d * d);
  const row = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) row[j] = (x[i * d + j] as number) - (mean[j] as number);
    for (let a = 0; a < d; a++) {
      const v = (row[a] as number) / n;
      for (let b = 0; b < d; b++) out[a * d + b] = (out[a * d + b] as number) + v * (row[b] as number);
    }
  }
  return out;
}

/** a [d, d] · b [d, q] */
function times(a: Float64Array, b: Float64Array, d: number, q: number): Float64Array {
  const out = new Float64Array(d * q);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      const v = a[i * d + j] as number;
      for (let k = 0; k < q; k++) out[i * q + k] = (out[i * q + k] as number) + v * (b[j * q + k] as number);
    }
  }
  return out;
}

/** Columns made orthonormal (modified Gram and Schmidt), in place; a column that vanishes becomes 0. */
function orthonormal(b: Float64Array, d: number, q: number): Float64Array {
  for (let k = 0; k < q; k++) {
    for (let before = 0; before < k; before++) {
      let dot = 0;
      for (let j = 0; j < d; j++) dot += (b[j * q + k] as number) * (b[j * q + before] as number);
      for (let j = 0; j < d; j++)
        b[j * q + k] = (b[j * q + k] as number) - dot * (b[j * q + before] as number);
    }
    let squares = 0;
    for (let j = 0; j < d; j++) squares += (b[j * q + k] as number) ** 2;
    const inverse = squares > 1e-280 ? 1 / Math.sqrt(squares) : 0;
    for (let j = 0; j < d; j++) b[j * q + k] = (b[j * q + k] as number) * inverse;
  }
  return b;
}
