/** Embeddings on the unit sphere: spread, alignment and uniformity. */
import type { NdArray } from '../step.ts';

/** Rows to unit length, in float64. @param x [N, D]. */
export function unitRows(x: NdArray): Float64Array {
  const [n = 0, d = 0] = x.shape;
  const unit = Float64Array.from(x.data);
  for (let i = 0; i < n; i++) {
    const row = unit.subarray(i * d, (i + 1) * d);
    const norm = Math.sqrt(row.reduce((sum, v) => sum + v * v, 0));
    if (norm > 0) for (let j = 0; j < d; j++) row[j] = (row[j] as number) / norm;
  }
  return unit;
}

/** Mean over features of the std of z/‖z‖ (SimSiam, section 4.1): near 1/√D when healthy, 0 collapsed. Blind to a lost rank. */
export function stdOfNormalised(x: NdArray): number {
  const [n = 0, d = 0] = x.shape;
  const unit = unitRows(x);
  let sum = 0;
  for (let j = 0; j < d; j++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += (unit[i * d + j] as number) / n;
    let square = 0;
    for (let i = 0; i < n; i++) square += ((unit[i * d + j] as number) - mean) ** 2;
    sum += Math.sqrt(square / Math.max(1, n - 1));
  }
  return sum / d;
}

/** Mean cosine over all pairs of different rows: (‖Σu‖² − N) / (N² − N). 1 when all are one. */
export function meanPairwiseCosine(x: NdArray): number {
  const [n = 0, d = 0] = x.shape;
  const unit = unitRows(x);
  let square = 0;
  let own = 0;
  for (let j = 0; j < d; j++) {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const value = unit[i * d + j] as number;
      sum += value;
      own += value * value;
    }
    square += sum * sum;
  }
  return (square - own) / (n * n - n);
}

/** E‖f(x) − f(x⁺)‖² of unit rows (Wang and Isola 2020, arXiv 2005.10242). Lower is closer. @param a, b [N, D]. */
export function alignment(a: NdArray, b: NdArray): number {
  const [n = 1] = a.shape;
  const [ua, ub] = [unitRows(a), unitRows(b)];
  return ua.reduce((sum, v, i) => sum + (v - (ub[i] as number)) ** 2, 0) / n;
}

/** log E exp(−2‖f(x) − f(y)‖²) over pairs of different unit rows (Wang and Isola 2020). Lower is more even. */
export function uniformity(x: NdArray): number {
  const [n = 0, d = 0] = x.shape;
  const unit = unitRows(x);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let cosine = 0;
      for (let t = 0; t < d; t++) cosine += (unit[i * d + t] as number) * (unit[j * d + t] as number);
      sum += Math.exp(-4 * (1 - cosine));
    }
  }
  return Math.log((2 * sum) / (n * n - n));
}
