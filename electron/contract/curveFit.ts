/** What a learning curve says about more labels: read by the window and by the command line alike. */
import type { LearnCurveResult } from './run.ts';

type Row = LearnCurveResult['results'][number];

/** Curves of one result: one per features and classifier, in order of labels. */
export function linesOf({ results }: LearnCurveResult): { key: string; rows: Row[] }[] {
  const lines = Map.groupBy(results, (row) => `${row.features} ${row.head}`);
  return [...lines].map(([key, rows]) => ({ key, rows: rows.toSorted((a, b) => a.shots - b.shots) }));
}

export function isBaseline(row: Row): boolean {
  return row.features === 'raw' || row.features === 'statistics';
}

/** The highest mean of some rows, or undefined for none. */
export function best(rows: readonly Row[]): Row | undefined {
  return rows.reduce<Row | undefined>(
    (top, row) => (!top || row.oa.mean > top.oa.mean ? row : top),
    undefined,
  );
}

export interface Outlook {
  /** More labels per class. */
  readonly more: number;
  /** What they would add to the accuracy, 0 to 1. */
  readonly gain: number;
}

/**
 * What as many labels again would bring: the error falls as a power of the number of labels (a straight line on
 * logarithms, least squares), which is how learning curves fall before they level out. null where fewer than two
 * numbers of labels were tried, or the fall is smaller than what repetitions differ by.
 */
export function outlook(rows: readonly Row[]): Outlook | null {
  const last = rows.at(-1);
  if (rows.length < 2 || !last) return null;
  const points = rows.map((row) => [Math.log(row.shots), Math.log(Math.max(1e-3, 1 - row.oa.mean))] as const);
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [mx, my] = [mean(0), mean(1)];
  const slope =
    points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) /
    points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  const error = 1 - last.oa.mean;
  const gain = error * (1 - 2 ** slope);
  return gain > Math.max(0.002, last.oa.sd / 4) ? { more: last.shots, gain } : null;
}
