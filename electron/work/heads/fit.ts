import { prngFrom, shuffle } from '../../base/prng.ts';
import { headCards } from '../../contract/catalog/heads.ts';
import type { HeadId } from '../../contract/catalog/ids.ts';
import { defaultsOf } from '../../contract/catalog/parameters.ts';
import { type Head, type LabelledRows, pickRows } from './head.ts';
import { fitKnn } from './knn.ts';
import { choosePenalty, fitLinear } from './linear.ts';
import { fitMlp, type MlpSettings } from './mlp.ts';
import { fitPool } from './pool.ts';

/** Folds of the inner cross-validation that chooses a head's settings. */
const innerFolds = 4;
const choiceRows = 60;

/**
 * A head fitted to labelled rows; its settings are chosen by cross-validation over fields where there is a choice, and
 * are the catalogue's otherwise; what `set` names is neither chosen nor looked up. Errors: aborted.
 */
export async function fitHead(
  kind: Exclude<HeadId, 'finetune'>,
  rows: LabelledRows,
  seed: number,
  signal: AbortSignal,
  set: Readonly<Record<string, number>> = {},
): Promise<Head> {
  const value = (id: string) => set[id] ?? headDefault(kind, id);
  if (kind === 'linear') {
    const usual = headDefault('linear', 'penalty');
    const choose = async (all: LabelledRows, standardise: boolean) => {
      if (set.penalty !== undefined) return set.penalty;
      const some = thinRows(all, seed);
      return choosePenalty(some, foldsOfGroups(some, seed), usual, signal, standardise);
    };
    if (rows.parts) return fitPool(rows, rows.parts, (part) => choose(part, false), signal);
    return fitLinear(rows, await choose(rows, true), signal);
  }
  if (kind === 'knn') {
    return fitKnn(rows, { k: value('k'), temperature: value('temperature') });
  }
  const of = (id: keyof MlpSettings) => value(id);
  const settings = {
    hidden: of('hidden'),
    steps: of('steps'),
    learningRate: of('learningRate'),
    weightDecay: of('weightDecay'),
  };
  return fitMlp(rows, settings, seed, signal);
}

/** Rows that the choice of a penalty looks at: `choiceRows` per class are plenty for four candidates. */
function thinRows(rows: LabelledRows, seed: number): LabelledRows {
  const byClass = Map.groupBy(
    Array.from({ length: rows.n }, (_, i) => i),
    (i) => rows.y[i] as number,
  );
  const kept = [...byClass].flatMap(([label, members]) =>
    shuffle(members, prngFrom(seed, 'choice', label)).slice(0, choiceRows),
  );
  return kept.length < rows.n ? pickRows(rows, kept) : rows;
}

function headDefault(head: HeadId, id: string): number {
  return Number(defaultsOf(headCards[head].parameters)[id]);
}

/**
 * Rows to leave out in turn: fields dealt into folds, class by class, so that every fold asks about most classes. A class
 * with one field stays in training always.
 */
export function foldsOfGroups({ y, group, n }: LabelledRows, seed: number): number[][] {
  const rowsOf = Map.groupBy(
    Array.from({ length: n }, (_, i) => i),
    (i) => group[i] as number,
  );
  const groupsOf = Map.groupBy(rowsOf.keys(), (g) => y[rowsOf.get(g)?.[0] ?? 0] as number);
  const folds: number[][] = Array.from({ length: innerFolds }, () => []);
  for (const [label, groups] of [...groupsOf].sort(([a], [b]) => a - b)) {
    if (groups.length < 2) continue;
    const order = shuffle(
      [...groups].sort((a, b) => a - b),
      prngFrom(seed, 'inner folds', label),
    );
    const start = prngFrom(seed, 'first inner fold', label).integer(innerFolds);
    order.forEach((g, i) => {
      folds[(start + i) % innerFolds]?.push(...(rowsOf.get(g) ?? []));
    });
  }
  return folds.filter((fold) => fold.length > 0);
}
