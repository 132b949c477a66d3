/**
 * One linear head per part of the features, each fitted in its own frame, their logits averaged: a logarithmic opinion
 * pool (Genest and Zidek, Statistical Science 1986). Joined in one fit, the many features of an encoder drown a few
 * bands; as two opinions, what only one of them knows counts, and the mean of linear logits is a linear head again.
 */
import { must } from '../../base/assert.ts';
import type { FramedPart, Head, LabelledRows } from './head.ts';
import { fitLinear, linearHead } from './linear.ts';

/** `choose` gives the penalty for the rows of one part. Errors: aborted. */
export async function fitPool(
  rows: LabelledRows,
  parts: readonly FramedPart[],
  choose: (part: LabelledRows) => Promise<number>,
  signal: AbortSignal,
): Promise<Head> {
  const { d, classes } = rows;
  const w = new Float32Array(d * classes);
  const b = new Float64Array(classes);
  const settings: Record<string, number> = {};
  for (const [index, part] of parts.entries()) {
    const framed = framedRows(rows, part);
    const penalty = await choose(framed);
    settings[index === 0 ? 'penalty' : `penalty${index + 1}`] = penalty;
    const own = must((await fitLinear(framed, penalty, signal, false)).linear, 'linear head');
    addPart(part, own, 1 / parts.length, classes, w, b);
  }
  return linearHead(settings, w, Float32Array.from(b));
}

/** The part's columns as its frame has them. */
export function framedRows(rows: LabelledRows, { from, size, frame }: FramedPart): LabelledRows {
  const x = new Float32Array(rows.n * size);
  const centred = new Float64Array(size);
  for (let i = 0; i < rows.n; i++) {
    for (let j = 0; j < size; j++)
      centred[j] = (rows.x[i * rows.d + from + j] as number) - (frame.mean[j] as number);
    for (let k = 0; k < size; k++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += (centred[j] as number) * (frame.matrix[j * size + k] as number);
      x[i * size + k] = sum;
    }
  }
  return { ...rows, x, d: size };
}

/** Folds the frame into the weights: (x − mean)·M·w + b = x·(M·w) + (b − mean·M·w). */
function addPart(
  { from, size, frame }: FramedPart,
  own: NonNullable<Head['linear']>,
  share: number,
  k: number,
  w: Float32Array,
  b: Float64Array,
): void {
  for (let c = 0; c < k; c++) b[c] = (b[c] as number) + share * (own.b[c] as number);
  for (let j = 0; j < size; j++) {
    for (let c = 0; c < k; c++) {
      let sum = 0;
      for (let i = 0; i < size; i++)
        sum += (frame.matrix[j * size + i] as number) * (own.w[i * k + c] as number);
      w[(from + j) * k + c] = share * sum;
      b[c] = (b[c] as number) - share * sum * (frame.mean[j] as number);
    }
  }
}
