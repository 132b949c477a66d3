/** How a head does on fields that it never saw: the transfer estimate. */
import { must } from '../base/assert.ts';
import type { HeadId } from '../contract/catalog/ids.ts';
import type { TransferEstimate } from '../contract/run.ts';
import type { JobContext } from '../jobs/protocol.ts';
import { PairCounter, scores, total } from './accuracy/confusion.ts';
import { fitHead } from './heads/fit.ts';
import { argmaxRows, type Head, takeRows } from './heads/head.ts';
import { rowsOf } from './heads/rows.ts';
import type { LabelledPixels } from './labelledPixels.ts';
import { breathe, startStage } from './progress.ts';
import type { Fold, SplitPlan } from './protocol.ts';

/** Pixels asked at once: a cancel is heard between them. */
const chunk = 2_000;

/** null when the plan has no fold. Errors: cancelled. */
export async function estimateTransfer(
  pixels: LabelledPixels,
  plan: SplitPlan,
  byField: readonly number[][],
  draw: (fields: readonly number[]) => number[],
  kind: HeadId,
  seed: number,
  perClass: number | null,
  context: Pick<JobContext, 'signal' | 'progress'>,
): Promise<TransferEstimate | null> {
  if (plan.folds.length === 0) return null;
  const stage = startStage(context, 'estimate', plan.folds.length, 'folds');
  const pairs = new PairCounter();
  for (const fold of plan.folds) {
    await breathe();
    stage.advance(0);
    await askFold(pixels, fold, byField, draw(fold.train), kind, seed, pairs, context);
    stage.advance(1);
  }
  const table = pairs.table();
  const tested = plan.folds.flatMap((fold) => fold.test);
  return {
    ...scores(table),
    split: 'field',
    protocol: protocolWords(pixels, plan, perClass, seed),
    trainFields: new Set(plan.folds.flatMap((fold) => fold.train)).size,
    testFields: new Set(tested).size,
    testPixels: total(table),
  };
}

/** Fits on the drawn pixels and counts (said, true) over all pixels of the fold's test fields. */
async function askFold(
  pixels: LabelledPixels,
  fold: Fold,
  byField: readonly number[][],
  drawn: readonly number[],
  kind: HeadId,
  seed: number,
  pairs: PairCounter,
  context: Pick<JobContext, 'signal'>,
): Promise<void> {
  const code = (f: number) => must(pixels.fields[f], 'field').classCode;
  const codes = [...new Set(drawn.map((i) => code(pixels.field[i] ?? -1)))].sort((a, b) => a - b);
  const head = await fitHead(kind, rowsOf(pixels, drawn, codes), seed, context.signal);
  const asked = fold.test.flatMap((f) => byField[f] ?? []);
  for (let from = 0; from < asked.length; from += chunk) {
    await breathe();
    context.signal.throwIfAborted();
    const some = asked.slice(from, from + chunk);
    answers(head, pixels, some, codes).forEach((said, i) => {
      pairs.add(said, code(pixels.field[some[i] ?? -1] ?? -1));
    });
  }
}

/** The class codes that a head gives to pixels. */
export function answers(
  head: Head,
  pixels: LabelledPixels,
  asked: readonly number[],
  codes: readonly number[],
): number[] {
  const p = head.predict(takeRows(pixels.features, pixels.dim, asked), asked.length);
  return Array.from(argmaxRows(p, codes.length), (c) => must(codes[c], 'class'));
}

function protocolWords(
  pixels: LabelledPixels,
  { words }: SplitPlan,
  perClass: number | null,
  seed: number,
): string {
  const labels =
    perClass === null
      ? 'Pixels of the training fields are drawn evenly over classes and fields.'
      : `${perClass} labelled pixels per class are drawn from the training fields.`;
  const thinned =
    pixels.kept < 1
      ? ` Every field was thinned to ${Math.round(100 * pixels.kept)} % of its pixels to fit in memory.`
      : '';
  return `${words} ${labels} Seed ${seed}.${thinned}`;
}
