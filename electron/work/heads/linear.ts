/** The linear head: logistic regression on standardised features, the L2 penalty chosen by cross-validation over fields. */
import { assert, must } from '../../base/assert.ts';
import type { Arrays } from '../../compute/step.ts';
import { softmaxRows } from '../classify.ts';
import { columnScale, type Head, type LabelledRows, pickRows, standardised } from './head.ts';
import { fitLogistic, type LogisticFit, type Problem } from './logistic.ts';

/** Penalties that cross-validation looks at, from few assumptions to many. */
export const penalties = [1, 10, 100] as const;
/** A penalty must beat the default by this share of its loss: few labels make the comparison noisy. */
const clearly = 0.03;

/**
 * Logistic regression on standardised features, as a head for features as they come; `standardise` false takes their
 * scale for what it is. Errors: aborted.
 */
export async function fitLinear(
  rows: LabelledRows,
  penalty: number,
  signal: AbortSignal,
  standardise = true,
): Promise<Head> {
  const scale = scaleOf(rows, standardise);
  const { w, b } = await fitLogistic({ ...rows, x: standardised(rows.x, rows.d, scale) }, penalty, signal);
  // Folded into weights for features as they come: (x − mean)/std · w + b = x · (w/std) + (b − mean/std · w).
  const k = rows.classes;
  const folded = new Float32Array(rows.d * k);
  const bias = Float64Array.from(b);
  for (let j = 0; j < rows.d; j++) {
    for (let c = 0; c < k; c++) {
      const v = (w[j * k + c] as number) / (scale.std[j] as number);
      folded[j * k + c] = v;
      bias[c] = (bias[c] as number) - v * (scale.mean[j] as number);
    }
  }
  return linearHead({ penalty }, folded, Float32Array.from(bias));
}

/**
 * The penalty with the lowest cross-entropy on left-out rows, summed over folds, if it is clearly lower than that of
 * `usual`. Folds leave out whole fields, since pixels of one field would vouch for each other.
 */
export async function choosePenalty(
  rows: LabelledRows,
  folds: readonly (readonly number[])[],
  usual: number,
  signal: AbortSignal,
  standardise = true,
): Promise<number> {
  const usable = folds.filter((fold) => fold.length > 0 && fold.length < rows.n);
  if (usable.length < 2) return usual;
  const losses = penalties.map(() => 0);
  for (const fold of usable) {
    const out = new Set(fold);
    const kept = Array.from({ length: rows.n }, (_, i) => i).filter((i) => !out.has(i));
    const train = pickRows(rows, kept);
    const test = pickRows(rows, fold);
    const scale = scaleOf(train, standardise);
    const x = standardised(train.x, train.d, scale);
    const asked = standardised(test.x, test.d, scale);
    let warm: LogisticFit | undefined;
    // From strong to weak, each starting where the stronger one ended.
    for (let p = penalties.length - 1; p >= 0; p--) {
      warm = await fitLogistic({ ...train, x }, penalties[p] as number, signal, {
        start: warm,
        tolerance: 1e-3,
      });
      losses[p] = (losses[p] as number) + crossEntropy(test, asked, warm);
    }
  }
  const best = losses.indexOf(Math.min(...losses));
  const ordinary = losses[(penalties as readonly number[]).indexOf(usual)] ?? Number.POSITIVE_INFINITY;
  return (losses[best] as number) < (1 - clearly) * ordinary ? (penalties[best] as number) : usual;
}

function scaleOf({ x, n, d }: LabelledRows, standardise: boolean): ReturnType<typeof columnScale> {
  return standardise ? columnScale(x, n, d) : { mean: new Float32Array(d), std: new Float32Array(d).fill(1) };
}

function crossEntropy(
  { y, n, d, classes }: Problem,
  x: Float32Array,
  { w, b }: { w: Float64Array; b: Float64Array },
): number {
  const logits = product(x, n, d, Float32Array.from(w), classes);
  const p = softmaxRows(logits, Float32Array.from(b));
  let sum = 0;
  for (let i = 0; i < n; i++) sum -= Math.log(Math.max(1e-12, p[i * classes + (y[i] as number)] as number));
  return sum;
}

/** x [n, d] · w [d, K] */
function product(x: Float32Array, n: number, d: number, w: Float32Array, k: number): Float32Array {
  const out = new Float32Array(n * k);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) {
      const v = x[i * d + j] as number;
      for (let c = 0; c < k; c++) out[i * k + c] = (out[i * k + c] as number) + v * (w[j * k + c] as number);
    }
  }
  return out;
}

export function loadLinear(settings: Readonly<Record<string, number>>, arrays: Arrays): Head {
  return linearHead(
    settings,
    must(arrays.w, 'weights of the head').data,
    must(arrays.b, 'bias of the head').data,
  );
}

/** A head of these weights: w [d, K], b [K]. */
export function linearHead(
  settings: Readonly<Record<string, number>>,
  w: Float32Array,
  b: Float32Array,
): Head {
  const k = b.length;
  const dim = w.length / k;
  assert(Number.isInteger(dim), `a linear head of ${w.length} weights for ${k} classes`);
  return {
    kind: 'linear',
    dim,
    settings,
    arrays: { w: { shape: [dim, k], data: w }, b: { shape: [k], data: b } },
    predict: (x, n) => softmaxRows(product(x, n, dim, w, k), b),
    linear: { w, b },
  };
}
