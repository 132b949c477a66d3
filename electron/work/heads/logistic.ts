/**
 * Multinomial logistic regression, solved to convergence by L-BFGS (Nocedal and Wright, Numerical Optimization, 2nd ed.,
 * algorithm 7.4) with a backtracking line search: convex, so the answer is the same every time.
 *   minimise Σ_i −log softmax(x_i·W + b)[y_i] + (penalty/2)·‖W‖², b free: scikit-learn's C is 1/penalty.
 */
import { assert } from '../../base/assert.ts';
import { breathe } from '../progress.ts';

export interface Problem {
  /** [n, d] */
  readonly x: Float32Array;
  readonly y: Int32Array;
  readonly n: number;
  readonly d: number;
  readonly classes: number;
}

export interface LogisticFit {
  /** [d, K] then [K]: weights and bias. */
  readonly w: Float64Array;
  readonly b: Float64Array;
  readonly iterations: number;
}

const memory = 10;
const maxIterations = 300;

/**
 * `start`: weights and bias to go on from, of the same shape. `tolerance`: largest gradient entry per row at which the
 * answer stands. Errors: the signal's reason when it aborts.
 */
export async function fitLogistic(
  problem: Problem,
  penalty: number,
  signal: AbortSignal,
  { start, tolerance = 1e-5 }: { start?: LogisticFit | undefined; tolerance?: number } = {},
): Promise<LogisticFit> {
  const { n, d, classes } = problem;
  assert(n > 0 && problem.x.length === n * d && problem.y.length === n, 'rows of a logistic regression');
  const size = (d + 1) * classes;
  let theta: Float64Array = new Float64Array(size);
  if (start) theta.set([...start.w, ...start.b]);
  let gradient: Float64Array = new Float64Array(size);
  let value = objective(problem, penalty, theta, gradient);
  const steps: { s: Float64Array; g: Float64Array; rho: number }[] = [];
  let iteration = 0;
  for (; iteration < maxIterations; iteration++) {
    if (gradient.every((v) => Math.abs(v) <= tolerance * n)) break;
    if (iteration % 8 === 0) await breathe();
    signal.throwIfAborted();
    const direction = descent(gradient, steps);
    const slope = dot(direction, gradient);
    let length = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    const nextGradient = new Float64Array(size);
    let next = theta;
    let nextValue = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 40; attempt++, length /= 2) {
      next = theta.map((v, i) => v + length * (direction[i] as number));
      nextValue = objective(problem, penalty, next, nextGradient);
      if (nextValue <= value + 1e-4 * length * slope) break;
    }
    // No descent left at this precision.
    if (!(nextValue < value)) break;
    const s = next.map((v, i) => v - (theta[i] as number));
    const g = nextGradient.map((v, i) => v - (gradient[i] as number));
    const curvature = dot(s, g);
    if (curvature > 1e-12) {
      steps.push({ s, g, rho: 1 / curvature });
      if (steps.length > memory) steps.shift();
    }
    theta = next;
    gradient = nextGradient;
    value = nextValue;
  }
  return { w: theta.slice(0, d * classes), b: theta.slice(d * classes), iterations: iteration };
}

/** −H·gradient by the two-loop recursion. */
function descent(
  gradient: Float64Array,
  steps: readonly { s: Float64Array; g: Float64Array; rho: number }[],
): Float64Array {
  const q = gradient.map((v) => -v);
  const alphas: number[] = [];
  for (const { s, g, rho } of [...steps].reverse()) {
    const alpha = rho * dot(s, q);
    alphas.unshift(alpha);
    for (let i = 0; i < q.length; i++) q[i] = (q[i] as number) - alpha * (g[i] as number);
  }
  const last = steps.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.g, last.g));
    for (let i = 0; i < q.length; i++) q[i] = (q[i] as number) * scale;
  }
  steps.forEach(({ s, g, rho }, k) => {
    const beta = rho * dot(g, q);
    const factor = (alphas[k] as number) - beta;
    for (let i = 0; i < q.length; i++) q[i] = (q[i] as number) + factor * (s[i] as number);
  });
  return q;
}

/** The value at `theta`; its gradient is written into `gradient`. */
function objective(
  { x, y, n, d, classes }: Problem,
  penalty: number,
  theta: Float64Array,
  gradient: Float64Array,
): number {
  const bias = d * classes;
  gradient.fill(0);
  let value = 0;
  for (let i = 0; i < bias; i++) {
    const t = theta[i] as number;
    value += (penalty / 2) * t * t;
    gradient[i] = penalty * t;
  }
  const z = new Float64Array(classes);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < classes; c++) z[c] = theta[bias + c] as number;
    for (let j = 0; j < d; j++) {
      const v = x[i * d + j] as number;
      for (let c = 0; c < classes; c++) z[c] = (z[c] as number) + v * (theta[j * classes + c] as number);
    }
    const most = z.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp((z[c] as number) - most);
    const label = y[i] as number;
    value += Math.log(sum) + most - (z[label] as number);
    for (let c = 0; c < classes; c++) {
      z[c] = Math.exp((z[c] as number) - most) / sum - (c === label ? 1 : 0);
      gradient[bias + c] = (gradient[bias + c] as number) + (z[c] as number);
    }
    for (let j = 0; j < d; j++) {
      const v = x[i * d + j] as number;
      const at = j * classes;
      for (let c = 0; c < classes; c++)
        gradient[at + c] = (gradient[at + c] as number) + v * (z[c] as number);
    }
  }
  return value;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
