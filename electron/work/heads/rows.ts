import { must } from '../../base/assert.ts';
import type { LabelledPixels } from '../labelledPixels.ts';
import { type LabelledRows, takeRows } from './head.ts';

/** The drawn pixels as rows for a head; classes are numbered in the order of `codes`. */
export function rowsOf(
  pixels: LabelledPixels,
  drawn: readonly number[],
  codes: readonly number[],
): LabelledRows {
  const group = Int32Array.from(drawn, (i) => pixels.field[i] as number);
  return {
    x: takeRows(pixels.features, pixels.dim, drawn),
    y: Int32Array.from(group, (f) => codes.indexOf(must(pixels.fields[f], 'field').classCode)),
    group,
    n: drawn.length,
    d: pixels.dim,
    classes: codes.length,
    parts: pixels.parts,
  };
}
