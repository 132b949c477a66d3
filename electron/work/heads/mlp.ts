/**
 * The small network: one hidden layer of rectified units on standardised features, trained by AdamW (Loshchilov and
 * Hutter 2019) with a cosine, on batches drawn by the seed. Sums are plain loops: with few labels that is seconds, and the
 * same on every machine.
 */
import { must } from '../../base/assert.ts';
import { type Prng, prngFrom, shuffle } from '../../base/prng.ts';
import type { Arrays } from '../../compute/step.ts';
import { softmaxRows } from '../classify.ts';
import { breathe } from '../progress.ts';
import { columnScale, type Head, type LabelledRows, standardised, takeRows } from './head.ts';

export interface MlpSettings {
  readonly hidden: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly weightDecay: number;
}

const batchSize = 128;
const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

interface Parameter {
  readonly value: Float32Array;
  readonly gradient: Float32Array;
  readonly m: Float32Array;
  readonly v: Float32Array;
  readonly decays: boolean;
}

/** Errors: aborted. */
export async function fitMlp(
  rows: LabelledRows,
  settings: MlpSettings,
  seed: number,
  signal: AbortSignal,
): Promise<Head> {
  const { d, classes } = rows;
  const { hidden, steps } = settings;
  const scale = columnScale(rows.x, rows.n, d);
  const x = standardised(rows.x, d, scale);
  const prng = prngFrom(seed, 'mlp');
  const w1 = parameter(normal(d * hidden, Math.sqrt(2 / d), prng), true);
  const b1 = parameter(new Float32Array(hidden), false);
  // The last layer starts at zero: no class is preferred before anything was learnt.
  const w2 = parameter(new Float32Array(hidden * classes), true);
  const b2 = parameter(new Float32Array(classes), false);
  let order: number[] = [];
  for (let step = 1; step <= steps; step++) {
    if (step % 4 === 0) await breathe();
    signal.throwIfAborted();
    if (order.length < Math.min(batchSize, rows.n)) {
      order = shuffle(
        Array.from({ length: rows.n }, (_, i) => i),
        prng,
      );
    }
    const batch = order.splice(0, batchSize);
    const input = takeRows(x, d, batch);
    const h = layer(input, d, w1.value, b1.value);
    const p = softmaxRows(product(h, hidden, w2.value, classes), b2.value);
    batch.forEach((row, i) => {
      const at = i * classes + (rows.y[row] as number);
      p[at] = (p[at] as number) - 1;
    });
    const dh = backward(h, hidden, p, classes, w2, b2, batch.length);
    for (let i = 0; i < dh.length; i++) if ((h[i] as number) <= 0) dh[i] = 0;
    backward(input, d, dh, hidden, w1, b1, batch.length);
    const rate = 0.5 * settings.learningRate * (1 + Math.cos((Math.PI * (step - 1)) / steps));
    for (const each of [w1, b1, w2, b2]) update(each, step, rate, settings.weightDecay);
  }
  return loadMlp(
    { ...settings },
    {
      w1: { shape: [d, hidden], data: w1.value },
      b1: { shape: [hidden], data: b1.value },
      w2: { shape: [hidden, classes], data: w2.value },
      b2: { shape: [classes], data: b2.value },
      mean: { shape: [d], data: scale.mean },
      std: { shape: [d], data: scale.std },
    },
  );
}

export function loadMlp(settings: Readonly<Record<string, number>>, arrays: Arrays): Head {
  const of = (name: string) => must(arrays[name], `${name} of the head`).data;
  const scale = { mean: of('mean'), std: of('std') };
  const dim = scale.mean.length;
  const hidden = of('b1').length;
  return {
    kind: 'mlp',
    dim,
    settings,
    arrays,
    linear: null,
    predict(x, n) {
      const h = layer(standardised(x.subarray(0, n * dim), dim, scale), dim, of('w1'), of('b1'));
      return softmaxRows(product(h, hidden, of('w2'), of('b2').length), of('b2'));
    },
  };
}

function parameter(value: Float32Array, decays: boolean): Parameter {
  const zeros = () => new Float32Array(value.length);
  return { value, gradient: zeros(), m: zeros(), v: zeros(), decays };
}

const normal = (size: number, spread: number, prng: Prng) =>
  Float32Array.from({ length: size }, () => spread * prng.normal());

/** x [n, d] · w [d, k] */
function product(x: Float32Array, d: number, w: Float32Array, k: number): Float32Array {
  const n = x.length / d;
  const out = new Float32Array(n * k);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) {
      const v = x[i * d + j] as number;
      if (v === 0) continue;
      for (let c = 0; c < k; c++) out[i * k + c] = (out[i * k + c] as number) + v * (w[j * k + c] as number);
    }
  }
  return out;
}

/** max(0, x·w + b) */
function layer(x: Float32Array, d: number, w: Float32Array, b: Float32Array): Float32Array {
  const out = product(x, d, w, b.length);
  for (let i = 0; i < out.length; i++) {
    out[i] = Math.max(0, (out[i] as number) + (b[i % b.length] as number));
  }
  return out;
}

/** Gradients of weights and bias (means over the batch) from that of the output; answers that of the input. */
function backward(
  x: Float32Array,
  d: number,
  dy: Float32Array,
  k: number,
  w: Parameter,
  b: Parameter,
  n: number,
): Float32Array {
  const dx = new Float32Array(n * d);
  w.gradient.fill(0);
  b.gradient.fill(0);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < k; c++) b.gradient[c] = (b.gradient[c] as number) + (dy[i * k + c] as number) / n;
    for (let j = 0; j < d; j++) {
      const v = (x[i * d + j] as number) / n;
      let sum = 0;
      for (let c = 0; c < k; c++) {
        const g = dy[i * k + c] as number;
        w.gradient[j * k + c] = (w.gradient[j * k + c] as number) + v * g;
        sum += g * (w.value[j * k + c] as number);
      }
      dx[i * d + j] = sum;
    }
  }
  return dx;
}

function update(
  { value, gradient, m, v, decays }: Parameter,
  step: number,
  rate: number,
  decay: number,
): void {
  const [c1, c2] = [1 - beta1 ** step, 1 - beta2 ** step];
  for (let i = 0; i < value.length; i++) {
    const g = gradient[i] as number;
    m[i] = beta1 * (m[i] as number) + (1 - beta1) * g;
    v[i] = beta2 * (v[i] as number) + (1 - beta2) * g * g;
    const move = (m[i] as number) / c1 / (Math.sqrt((v[i] as number) / c2) + epsilon);
    value[i] = (value[i] as number) - rate * (move + (decays ? decay * (value[i] as number) : 0));
  }
}
