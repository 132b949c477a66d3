/** A head turns features into class probabilities. It is fitted once, stored as named arrays, and revived from them. */
import { assert } from '../../base/assert.ts';
import type { Arrays } from '../../compute/step.ts';
import type { HeadId } from '../../contract/catalog/ids.ts';
import type { Frame } from './frame.ts';

/** Labelled features. Class indices count from 0; `group` is the field of each row, for cross-validation. */
export interface LabelledRows {
  /** [n, d] */
  readonly x: Float32Array;
  readonly y: Int32Array;
  readonly group: Int32Array;
  readonly n: number;
  readonly d: number;
  readonly classes: number;
  /** Columns with a frame of their own, together all of them; absent where labels alone say what a feature's size means. */
  readonly parts?: readonly FramedPart[] | undefined;
}

export interface FramedPart {
  readonly from: number;
  readonly size: number;
  readonly frame: Frame;
}

export interface Head {
  readonly kind: HeadId;
  /** Features per row that it reads. */
  readonly dim: number;
  readonly settings: Readonly<Record<string, number>>;
  readonly arrays: Arrays;
  /** [n, d] → probabilities [n, K]; rows sum to 1. */
  predict(x: Float32Array, n: number): Float32Array;
  /** w [d, K] and b [K] when the head is softmax(x·w + b) on features as they come: a map puts it into the graph. */
  readonly linear: { readonly w: Float32Array; readonly b: Float32Array } | null;
}

/** The rows at `indices`. */
export function takeRows(
  x: Float32Array,
  dim: number,
  indices: readonly number[],
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(indices.length * dim);
  indices.forEach((index, i) => {
    out.set(x.subarray(index * dim, (index + 1) * dim), i * dim);
  });
  return out;
}

/** The labelled rows at `indices`. */
export function pickRows(rows: LabelledRows, indices: readonly number[]): LabelledRows {
  return {
    ...rows,
    n: indices.length,
    x: takeRows(rows.x, rows.d, indices),
    y: Int32Array.from(indices, (i) => rows.y[i] as number),
    group: Int32Array.from(indices, (i) => rows.group[i] as number),
  };
}

/** Index of the largest entry of each row of [n, K]. */
export function argmaxRows(p: Float32Array, k: number): Int32Array {
  assert(k > 0 && p.length % k === 0, `rows of ${k} in ${p.length} values`);
  return Int32Array.from({ length: p.length / k }, (_, i) => {
    let best = 0;
    for (let c = 1; c < k; c++) if ((p[i * k + c] as number) > (p[i * k + best] as number)) best = c;
    return best;
  });
}

/** Mean and standard deviation of each column; a constant column gets 1, so that it becomes 0. */
export function columnScale(
  x: Float32Array,
  n: number,
  d: number,
): { mean: Float32Array; std: Float32Array } {
  const mean = new Float64Array(d);
  const squares = new Float64Array(d);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < d; j++) mean[j] = (mean[j] as number) + (x[i * d + j] as number) / n;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) {
      squares[j] = (squares[j] as number) + ((x[i * d + j] as number) - (mean[j] as number)) ** 2 / n;
    }
  }
  return {
    mean: Float32Array.from(mean),
    std: Float32Array.from(squares, (s, j) =>
      s > 1e-12 * Math.max(1, (mean[j] as number) ** 2) ? Math.sqrt(s) : 1,
    ),
  };
}

export function standardised(
  x: Float32Array,
  d: number,
  { mean, std }: { readonly mean: Float32Array; readonly std: Float32Array },
): Float32Array<ArrayBuffer> {
  return Float32Array.from(x, (v, i) => (v - (mean[i % d] as number)) / (std[i % d] as number));
}
