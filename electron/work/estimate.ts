/** How a model does on fields that it never saw: the transfer estimate, and how sure it may say it is. */
import { must } from '../base/assert.ts';
import type { Calibration, TransferEstimate } from '../contract/run.ts';
import type { JobContext } from '../jobs/protocol.ts';
import { calibrate, type HeldOutAnswers } from './accuracy/calibration.ts';
import { PairCounter, scores, total } from './accuracy/confusion.ts';
import { askPixels, codeOf, type Fit, type Fitted } from './fitted.ts';
import { argmaxRows, type Head, takeRows } from './heads/head.ts';
import type { LabelledPixels } from './labelledPixels.ts';
import { breathe, startStage } from './progress.ts';
import type { SplitPlan } from './protocol.ts';

/** Pixels asked at once: a cancel is heard between them. */
const chunk = 2_000;
/** Pixels that the calibration looks at, at most: a single number is fitted. */
const calibrationPixels = 60_000;

export interface Asking {
  readonly pixels: LabelledPixels;
  readonly plan: SplitPlan;
  readonly byField: readonly number[][];
  readonly draw: (fields: readonly number[]) => number[];
  readonly learn: Fit;
  /** Learnt from `plan.fit`: a fold that learns from the same fields is not fitted twice. */
  readonly kept: Fitted;
  readonly perClass: number | null;
  readonly seed: number;
}

/** null when the plan has no fold. Errors: cancelled. */
export async function estimateTransfer(
  asking: Asking,
  context: Pick<JobContext, 'signal' | 'progress'>,
): Promise<{ estimate: TransferEstimate; calibration: Calibration | null } | null> {
  const { pixels, plan, byField, draw, learn, kept, perClass, seed } = asking;
  if (plan.folds.length === 0) return null;
  const stage = startStage(context, 'estimate', plan.folds.length, 'folds');
  const pairs = new PairCounter();
  const said: HeldOutAnswers[] = [];
  const tested = plan.folds.flatMap((fold) => fold.test);
  const count = tested.reduce((sum, f) => sum + (byField[f]?.length ?? 0), 0);
  const stride = Math.max(1, Math.ceil(count / calibrationPixels));
  for (const fold of plan.folds) {
    await breathe();
    stage.advance(0);
    const fitted = fold.train === plan.fit ? kept : await learn(draw(fold.train));
    const asked = fold.test.flatMap((f) => byField[f] ?? []);
    for (let from = 0; from < asked.length; from += chunk) {
      await breathe();
      context.signal.throwIfAborted();
      const some = asked.slice(from, from + chunk);
      const p = askPixels(fitted, some);
      argmaxRows(p, fitted.codes.length).forEach((c, i) => {
        pairs.add(must(fitted.codes[c], 'class'), codeOf(pixels, some[i] ?? -1));
      });
      said.push(everyNth(pixels, fitted.codes, some, p, stride));
    }
    stage.advance(1);
  }
  const table = pairs.table();
  return {
    estimate: {
      ...scores(table),
      split: 'field',
      protocol: protocolWords(pixels, plan, perClass, seed),
      trainFields: new Set(plan.folds.flatMap((fold) => fold.train)).size,
      testFields: new Set(tested).size,
      testPixels: total(table),
    },
    calibration: calibrate(said),
  };
}

function everyNth(
  pixels: LabelledPixels,
  codes: readonly number[],
  asked: readonly number[],
  p: Float32Array,
  stride: number,
): HeldOutAnswers {
  const rows = asked.flatMap((_, i) => (i % stride === 0 ? [i] : []));
  const at = (i: number) => asked[i] ?? -1;
  return {
    classes: codes.length,
    p: takeRows(p, codes.length, rows),
    truth: Int32Array.from(rows, (i) => codes.indexOf(codeOf(pixels, at(i)))),
    field: Int32Array.from(rows, (i) => pixels.field[at(i)] ?? -1),
  };
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
