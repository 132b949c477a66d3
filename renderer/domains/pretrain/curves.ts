import type { MetricRow } from '../../../electron/contract/run.ts';
import type { Series } from '../../charts/LineChart.svelte';
import type { Point } from '../../charts/scale.ts';

/** A metric's points over the steps; rows without it are passed over. */
export function pointsOf(rows: readonly MetricRow[], id: string): Point[] {
  return rows.flatMap((row): Point[] => {
    const value = row[id];
    return value !== undefined && Number.isFinite(value) ? [[row.step, value]] : [];
  });
}

export function seriesOf(
  rows: readonly MetricRow[],
  wanted: readonly { readonly id: string; readonly label: string }[],
): Series[] {
  return wanted.map(({ id, label }, i) => ({
    id,
    label,
    color: `var(--chart-${(i % 6) + 1})`,
    points: pointsOf(rows, id),
  }));
}
