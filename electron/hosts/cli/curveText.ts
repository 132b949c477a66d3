/** A learning curve for people: the table, and what it says. */
import { best, isBaseline, linesOf, type Outlook, outlook } from '../../contract/curveFit.ts';
import type { LearnCurveResult, Spread } from '../../contract/run.ts';
import { table } from './table.ts';

type Row = LearnCurveResult['results'][number];

/** Accuracy as three digits with its standard deviation over the seeds. */
export function spread({ mean, sd }: Spread): string {
  return `${mean.toFixed(3)} ± ${sd.toFixed(3)}`;
}

const titles: Readonly<Record<string, string>> = { raw: 'raw bands', statistics: 'local statistics' };
export const featuresTitle = (id: string): string => titles[id] ?? id;

/** One line per features and head; one column of overall accuracy per number of labels, then the rest at the most labels. */
export function curveTable({ results }: LearnCurveResult): string {
  const shots = [...new Set(results.map((row) => row.shots))].sort((a, b) => a - b);
  const lines = Map.groupBy(results, (row) => `${row.features}\n${row.head}`);
  const rows = [...lines.values()].map((line) => {
    const last = line.find((row) => row.shots === shots.at(-1));
    return [
      featuresTitle(line[0]?.features ?? ''),
      line[0]?.head ?? '',
      ...shots.map((n) => {
        const found = line.find((row) => row.shots === n);
        return found ? spread(found.oa) : null;
      }),
      last ? spread(last.kappa) : null,
      last ? spread(last.macroF1) : null,
    ];
  });
  const most = shots.at(-1) ?? 0;
  const head = ['features', 'head', ...shots.map((n) => `accuracy, ${n} labels`)];
  return table([...head, `kappa, ${most}`, `macro F1, ${most}`], rows);
}

/** One sentence per number of labels: the best encoder against the best classical baseline, won or lost. */
export function curveVerdicts({ results }: LearnCurveResult): string[] {
  const shots = [...new Set(results.map((row) => row.shots))].sort((a, b) => a - b);
  return shots.flatMap((n) => {
    const here = results.filter((row) => row.shots === n);
    const encoder = best(here.filter((row) => !isBaseline(row)));
    const baseline = best(here.filter(isBaseline));
    if (!encoder || !baseline) return [];
    const points = 100 * (encoder.oa.mean - baseline.oa.mean);
    const against = `the best classical baseline (${baseline.head} on ${featuresTitle(baseline.features)}, ${baseline.oa.mean.toFixed(3)})`;
    const size = Math.abs(points).toFixed(1);
    const said =
      size === '0.0'
        ? `is level with ${against}`
        : points > 0
          ? `beats ${against} by ${size} points`
          : `loses to ${against} by ${size} points`;
    return [
      `With ${n} labels per class, ${encoder.features} (${encoder.head}, ${encoder.oa.mean.toFixed(3)}) ${said}.`,
    ];
  });
}

/** What as many labels again would give each encoder, if its curve goes on as it does. */
export function curveOutlooks(result: LearnCurveResult): CurveOutlook[] {
  return linesOf(result).flatMap(({ rows }) => {
    const last = rows.at(-1);
    if (rows.length < 2 || !last || isBaseline(last)) return [];
    return [{ features: last.features, head: last.head, labels: last.shots, ...(outlook(rows) ?? level) }];
  });
}

export interface CurveOutlook extends Outlook {
  readonly features: string;
  readonly head: Row['head'];
  /** Labels per class that the figures were made with. */
  readonly labels: number;
}

const level: Outlook = { more: 0, gain: 0 };

/** The same in words. */
export function outlookText({ features, head, labels, more, gain }: CurveOutlook): string {
  return more > 0
    ? `About ${more} more labels per class than ${labels} would give ${features} (${head}) ${(100 * gain).toFixed(1)} points, if the curve goes on as it does.`
    : `More labels than ${labels} per class would hardly help ${features} (${head}): the gain is within what repetitions differ by.`;
}
