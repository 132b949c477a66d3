/**
 * Counts of (map class, reference class) and the plain figures drawn from them. Rows are the map, columns the
 * reference, as in Olofsson et al. 2014; other tools transpose it, so every table says it in its header.
 */
import { assert } from '../../base/assert.ts';
import type { Scores } from '../../contract/run.ts';

export interface Confusion {
  /** Class codes in ascending order: the order of rows and columns. */
  readonly codes: readonly number[];
  /** `counts[i][j]`: pixels that the map calls `codes[i]` and the reference `codes[j]`. */
  readonly counts: readonly (readonly number[])[];
}

export interface ClassScores {
  readonly code: number;
  /** Of what the map calls this class, the share that is. null: the map never says so here. */
  readonly users: number | null;
  /** Of what is this class, the share that the map finds. null: the reference never says so. */
  readonly producers: number | null;
  /** 2·TP / (2·TP + FP + FN). */
  readonly f1: number | null;
}

/** Counts pairs of codes (1…255); 0 on either side means "no statement" and is the caller's to leave out. */
export class PairCounter {
  private readonly counts = new Float64Array(256 * 256);

  add(map: number, reference: number, times = 1): void {
    const i = map * 256 + reference;
    this.counts[i] = (this.counts[i] ?? 0) + times;
  }

  /** The table over all codes that occur on either side, and `also`. */
  table(also: readonly number[] = []): Confusion {
    const seen = new Set(also);
    for (let map = 1; map < 256; map++) {
      for (let reference = 1; reference < 256; reference++) {
        if (this.counts[map * 256 + reference]) seen.add(map).add(reference);
      }
    }
    const codes = [...seen].sort((a, b) => a - b);
    return { codes, counts: codes.map((i) => codes.map((j) => this.counts[i * 256 + j] ?? 0)) };
  }
}

export function rowTotals({ counts }: Confusion): number[] {
  return counts.map((row) => row.reduce((a, b) => a + b, 0));
}

export function columnTotals({ counts }: Confusion): number[] {
  return counts.map((_, j) => counts.reduce((sum, row) => sum + (row[j] ?? 0), 0));
}

export function total(confusion: Confusion): number {
  return rowTotals(confusion).reduce((a, b) => a + b, 0);
}

/** User's accuracy, producer's accuracy and F1 of each class, in the order of `codes`. */
export function classScores(confusion: Confusion): ClassScores[] {
  const rows = rowTotals(confusion);
  const columns = columnTotals(confusion);
  return confusion.codes.map((code, i) => {
    const right = confusion.counts[i]?.[i] ?? 0;
    const row = rows[i] ?? 0;
    const column = columns[i] ?? 0;
    return {
      code,
      users: row > 0 ? right / row : null,
      producers: column > 0 ? right / column : null,
      f1: row + column > 0 ? (2 * right) / (row + column) : null,
    };
  });
}

/**
 * Overall accuracy, Cohen's kappa and macro F1: the mean of F1 over the classes that occur in the reference. A class that
 * only the map names has nothing to be found; what it takes from others is missing in their F1 already. Kappa of a table with one class only is undefined and given as 0.
 */
export function scores(confusion: Confusion): Scores {
  const n = total(confusion);
  assert(n > 0, 'scores of an empty confusion matrix');
  const rows = rowTotals(confusion);
  const columns = columnTotals(confusion);
  const right = confusion.counts.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
  const oa = right / n;
  const chance = rows.reduce((sum, row, i) => sum + (row * (columns[i] ?? 0)) / (n * n), 0);
  const f1 = classScores(confusion).flatMap((c) => (c.producers === null || c.f1 === null ? [] : [c.f1]));
  return {
    oa,
    kappa: chance < 1 ? (oa - chance) / (1 - chance) : 0,
    macroF1: f1.reduce((a, b) => a + b, 0) / f1.length,
  };
}
