/**
 * Support vector classifier with an RBF kernel, one against one, solved by sequential minimal optimisation with
 * second-order working sets (Fan, Chen and Lin 2005, JMLR 6, algorithm 2): the problem that libsvm solves, to its
 * tolerance. Labels are few here, so the whole kernel matrix is kept.
 */
import { must } from '../../base/assert.ts';
import type { Problem } from '../heads/logistic.ts';

const tolerance = 1e-3;
const tau = 1e-12;
const maxIterations = 100_000;

/** Σ coefficient·K(x, x_row) − rho: positive means the first class of the pair. */
interface Machine {
  readonly first: number;
  readonly second: number;
  readonly rows: readonly number[];
  readonly coefficients: readonly number[];
  readonly rho: number;
}

export interface SupportVectors {
  readonly machines: readonly Machine[];
  /** [n, d] → index of the class with most votes; ties go to the earlier class. */
  predict(x: Float32Array, n: number): Int32Array;
}

/** gamma that adapts to the data: 1 / (d · variance of all entries), scikit-learn's "scale". */
export function scaleGamma({ x, d }: Pick<Problem, 'x' | 'd'>): number {
  let sum = 0;
  for (const v of x) sum += v;
  const mean = sum / x.length;
  let squares = 0;
  for (const v of x) squares += (v - mean) ** 2;
  const variance = squares / x.length;
  return variance > 0 ? 1 / (d * variance) : 1;
}

export function fitSupportVectors(problem: Problem, c: number, gamma: number): SupportVectors {
  const { x, y, n, d, classes } = problem;
  const members = Array.from({ length: classes }, (_, k) =>
    Array.from({ length: n }, (_, i) => i).filter((i) => y[i] === k),
  );
  const machines: Machine[] = [];
  for (let first = 0; first < classes; first++) {
    for (let second = first + 1; second < classes; second++) {
      const rows = [...must(members[first], 'class'), ...must(members[second], 'class')];
      const sign = rows.map((row) => (y[row] === first ? 1 : -1));
      const kernel = rows.map((a) => Float64Array.from(rows, (b) => rbf(x, a * d, x, b * d, d, gamma)));
      const { alpha, rho } = solve(kernel, sign, c);
      const used = rows.map((_, i) => i).filter((i) => (alpha[i] as number) > 0);
      machines.push({
        first,
        second,
        rows: used.map((i) => rows[i] as number),
        coefficients: used.map((i) => (alpha[i] as number) * (sign[i] as number)),
        rho,
      });
    }
  }
  return { machines, predict: (asked, count) => vote(problem, machines, gamma, asked, count) };
}

function vote(
  { x, n, d, classes }: Problem,
  machines: readonly Machine[],
  gamma: number,
  asked: Float32Array,
  count: number,
): Int32Array {
  const out = new Int32Array(count);
  const kernel = new Float64Array(n);
  const votes = new Int32Array(classes);
  for (let i = 0; i < count; i++) {
    for (let row = 0; row < n; row++) kernel[row] = rbf(asked, i * d, x, row * d, d, gamma);
    votes.fill(0);
    for (const { first, second, rows, coefficients, rho } of machines) {
      let value = -rho;
      for (let s = 0; s < rows.length; s++) {
        value += (coefficients[s] as number) * (kernel[rows[s] as number] as number);
      }
      const winner = value > 0 ? first : second;
      votes[winner] = (votes[winner] as number) + 1;
    }
    let best = 0;
    for (let k = 1; k < classes; k++) if ((votes[k] as number) > (votes[best] as number)) best = k;
    out[i] = best;
  }
  return out;
}

function rbf(a: Float32Array, i: number, b: Float32Array, j: number, d: number, gamma: number): number {
  let squares = 0;
  for (let f = 0; f < d; f++) {
    const difference = (a[i + f] as number) - (b[j + f] as number);
    squares += difference * difference;
  }
  return Math.exp(-gamma * squares);
}

/** min ½ αᵀQα − Σα with 0 ≤ α ≤ c and Σ sign·α = 0, Q = sign_i sign_j K. */
function solve(kernel: readonly Float64Array[], sign: readonly number[], c: number) {
  const n = sign.length;
  const alpha = new Float64Array(n);
  const gradient = new Float64Array(n).fill(-1);
  const s = (i: number) => sign[i] as number;
  const k = (i: number, j: number) => kernel[i]?.[j] as number;
  const canRise = (i: number) => (s(i) > 0 ? (alpha[i] as number) < c : (alpha[i] as number) > 0);
  const canFall = (i: number) => (s(i) > 0 ? (alpha[i] as number) > 0 : (alpha[i] as number) < c);
  const force = (i: number) => -s(i) * (gradient[i] as number);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    let i = -1;
    let high = Number.NEGATIVE_INFINITY;
    for (let t = 0; t < n; t++) {
      if (canRise(t) && force(t) > high) {
        high = force(t);
        i = t;
      }
    }
    let j = -1;
    let low = Number.POSITIVE_INFINITY;
    let gain = 0;
    for (let t = 0; t < n; t++) {
      if (!canFall(t)) continue;
      low = Math.min(low, force(t));
      const b = high - force(t);
      if (i < 0 || b <= 0) continue;
      const a = Math.max(tau, k(i, i) + k(t, t) - 2 * k(i, t));
      if (-(b * b) / a < gain) {
        gain = -(b * b) / a;
        j = t;
      }
    }
    if (i < 0 || j < 0 || high - low < tolerance) break;
    moveTogether(i, j);
  }
  return { alpha, rho: offset() };

  /** Moves α_i and α_j along sign_i α_i + sign_j α_j = constant, as far as the box allows. */
  function moveTogether(i: number, j: number): void {
    const a = Math.max(tau, k(i, i) + k(j, j) - 2 * k(i, j));
    const room = (t: number, up: boolean) => (up ? c - (alpha[t] as number) : (alpha[t] as number));
    const step = Math.min((force(i) - force(j)) / a, room(i, s(i) > 0), room(j, s(j) < 0));
    alpha[i] = snap((alpha[i] as number) + s(i) * step);
    alpha[j] = snap((alpha[j] as number) - s(j) * step);
    for (let t = 0; t < n; t++) {
      gradient[t] = (gradient[t] as number) + s(t) * step * (k(t, i) - k(t, j));
    }
  }

  /** Rounding must not leave a bound almost reached: such a row would be picked forever. */
  function snap(value: number): number {
    if (value < 1e-12 * c) return 0;
    return value > c * (1 - 1e-12) ? c : value;
  }

  /** rho from the free vectors, else midway between the bounds that the others give. */
  function offset(): number {
    let sum = 0;
    let free = 0;
    let high = Number.NEGATIVE_INFINITY;
    let low = Number.POSITIVE_INFINITY;
    for (let t = 0; t < n; t++) {
      const inside = (alpha[t] as number) > 0 && (alpha[t] as number) < c;
      if (inside) {
        sum -= force(t);
        free++;
      }
      if (canRise(t)) high = Math.max(high, force(t));
      if (canFall(t)) low = Math.min(low, force(t));
    }
    return free > 0 ? sum / free : -(high + low) / 2;
  }
}
