/** A model as fitting leaves it: what makes features, and the head that reads them. */
import { must } from '../base/assert.ts';
import type { HeadId } from '../contract/catalog/ids.ts';
import type { FeatureMaker } from './features.ts';
import { fitHead } from './heads/fit.ts';
import { type Head, takeRows } from './heads/head.ts';
import { rowsOf } from './heads/rows.ts';
import type { LabelledPixels } from './labelledPixels.ts';

export interface Fitted {
  /** In the order of the head's outputs. */
  readonly codes: readonly number[];
  readonly head: Head;
  readonly maker: FeatureMaker;
  /** Features of all labelled pixels, as the head wants them. */
  readonly features: Float32Array;
}

/** Learns from the labelled pixels at these indices. Errors: cancelled. */
export type Fit = (drawn: readonly number[]) => Promise<Fitted>;

/** Fits a head to features that stay as they are. */
export function fitFrozen(
  pixels: LabelledPixels,
  maker: FeatureMaker,
  kind: Exclude<HeadId, 'finetune'>,
  seed: number,
  signal: AbortSignal,
  set: Readonly<Record<string, number>> = {},
): Fit {
  return async (drawn) => {
    const codes = codesOf(pixels, drawn);
    const head = await fitHead(kind, rowsOf(pixels, drawn, codes), seed, signal, set);
    return { codes, head, maker, features: pixels.features };
  };
}

/** Probabilities [n, K] of the labelled pixels at these indices. */
export function askPixels({ head, features }: Fitted, asked: readonly number[]): Float32Array {
  return head.predict(takeRows(features, head.dim, asked), asked.length);
}

/** Class of a labelled pixel. */
export function codeOf(pixels: LabelledPixels, i: number): number {
  return must(pixels.fields[pixels.field[i] ?? -1], 'field of a pixel').classCode;
}

/** Classes of labelled pixels, ascending. */
export function codesOf(pixels: LabelledPixels, drawn: readonly number[]): number[] {
  return [...new Set(drawn.map((i) => codeOf(pixels, i)))].sort((a, b) => a - b);
}
