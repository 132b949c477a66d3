/**
 * A frame for features: standardised, then rotated and stretched so that what differs between close neighbours has the
 * same small size in every direction. Two places a window apart mostly lie in one field, so what tells them apart is
 * noise to a map of crops; measured without any label, as relevant component analysis does with chunklets (Shental,
 * Hertz, Weinshall and Pavel, ECCV 2002). A penalty on the weights then asks for what tells fields apart.
 */
import { assert } from '../../base/assert.ts';

/** z = (x − mean) · matrix. */
export interface Frame {
  /** [d] */
  readonly mean: Float64Array;
  /** [d, d], row-major. */
  readonly matrix: Float64Array;
}

/** Share of the pairs that is taken: the closest, since far ones lie across a border. */
const closest = 0.3;
/** Added to the scatter, as a share of its mean variance: no direction is stretched without end. */
const shrinkage = 0.02;
/** Mean variance of the scatter at least, in standardised units: scenes without noise have none. */
const leastVariance = 1e-3;
/** Fewer pairs say nothing. */
const leastPairs = 100;

/** Differences between neighbours, [n, d], and mean and standard deviation of each feature over the scene. */
export interface Neighbours {
  readonly differences: Float32Array;
  readonly mean: Float64Array;
  readonly std: Float64Array;
}

/** null when there are too few pairs. */
export function frameOf({ differences, mean, std }: Neighbours): Frame | null {
  const d = mean.length;
  assert(d > 0 && std.length === d && differences.length % d === 0, 'differences between neighbours');
  const n = differences.length / d;
  if (n < leastPairs) return null;
  const unit = Float64Array.from(std, (s) => (s > 0 ? 1 / s : 1));
  const scatter = closeScatter(differences, unit, Math.max(1, Math.floor(closest * n)));
  let variance = 0;
  for (let j = 0; j < d; j++) variance += (scatter[j * d + j] as number) / d;
  const added = shrinkage * Math.max(variance, leastVariance);
  for (let j = 0; j < d; j++) scatter[j * d + j] = (scatter[j * d + j] as number) + added;
  const matrix = inverseFactor(scatter, d);
  for (let j = 0; j < d; j++)
    for (let k = 0; k < d; k++) matrix[j * d + k] = (matrix[j * d + k] as number) * (unit[j] as number);
  return { mean, matrix };
}

/** Mean outer product [d, d] of the `count` shortest standardised differences. */
function closeScatter(differences: Float32Array, unit: Float64Array, count: number): Float64Array {
  const d = unit.length;
  const n = differences.length / d;
  const z = (i: number, j: number) => (differences[i * d + j] as number) * (unit[j] as number);
  const lengths = Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += z(i, j) ** 2;
    return sum;
  });
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => (lengths[a] as number) - (lengths[b] as number),
  );
  const out = new Float64Array(d * d);
  const row = new Float64Array(d);
  for (const i of order.slice(0, count)) {
    for (let j = 0; j < d; j++) row[j] = z(i, j);
    for (let j = 0; j < d; j++) {
      const v = (row[j] as number) / count;
      for (let k = 0; k <= j; k++) out[j * d + k] = (out[j * d + k] as number) + v * (row[k] as number);
    }
  }
  for (let j = 0; j < d; j++) for (let k = 0; k < j; k++) out[k * d + j] = out[j * d + k] as number;
  return out;
}

/** W [d, d] with Wᵀ·S·W = 1: the inverse of the Cholesky factor, transposed. Any rotation of it serves as well. */
function inverseFactor(s: Float64Array, d: number): Float64Array {
  const l = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = s[i * d + j] as number;
      for (let k = 0; k < j; k++) sum -= (l[i * d + k] as number) * (l[j * d + k] as number);
      if (i === j) assert(sum > 0, 'a scatter that is positive definite');
      l[i * d + j] = i === j ? Math.sqrt(sum) : sum / (l[j * d + j] as number);
    }
  }
  const out = new Float64Array(d * d);
  for (let c = 0; c < d; c++) {
    for (let i = c; i < d; i++) {
      let sum = i === c ? 1 : 0;
      for (let k = c; k < i; k++) sum -= (l[i * d + k] as number) * (out[c * d + k] as number);
      out[c * d + i] = sum / (l[i * d + i] as number);
    }
  }
  return out;
}
