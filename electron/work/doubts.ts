/** Labels that are likely wrong: fields that models which never saw them say to be something else, and surely. */
import { must } from '../base/assert.ts';
import type { HeadId } from '../contract/catalog/ids.ts';
import type { LabelDoubt } from '../contract/guidance.ts';
import type { PixelField } from '../contract/jobs.ts';
import type { CandidateParts } from './candidates.ts';
import { drawBalanced, pixelsByField, pixelsPerClass } from './draw.ts';
import { askPixels, fitFrozen } from './fitted.ts';
import { argmaxRows } from './heads/head.ts';
import { collectLabelledPixels } from './labelledPixels.ts';
import { startStage } from './progress.ts';
import { foldsByField } from './protocol.ts';

/** Share of a field's pixels that must say the same other class. */
const surely = 0.7;

/**
 * Cross-validation over the fields on the model's features. A field of a class with no other field is never asked.
 * Errors: cancelled; those of the features.
 */
export async function doubtLabels(
  parts: Pick<CandidateParts, 'maker' | 'reader' | 'engine' | 'device' | 'context'> & {
    readonly head: HeadId;
    readonly seed: number;
  },
  labelled: readonly PixelField[],
  name: (code: number) => string,
): Promise<{ doubts: LabelDoubt[]; note: string | null }> {
  const fields = labelled.filter((field) => field.role !== 'accuracy');
  if (fields.length === 0) return { doubts: [], note: 'No labelled field lies on the scene.' };
  const { maker, context, seed } = parts;
  const pixels = await collectLabelledPixels(maker, fields, parts);
  const all = pixels.fields.flatMap((field, f) => (field.pixels > 0 ? [f] : []));
  const { folds } = foldsByField(pixels.fields, seed, all);
  if (folds.length === 0)
    return { doubts: [], note: 'Labels can be doubted from two fields in each of two classes on.' };
  const kind = parts.head === 'finetune' ? 'linear' : parts.head;
  const learn = fitFrozen(pixels, maker, kind, seed, context.signal);
  const byField = pixelsByField(pixels);
  const stage = startStage(context, 'doubts', folds.length, 'folds');
  const doubts: LabelDoubt[] = [];
  for (const fold of folds) {
    const fitted = await learn(drawBalanced(pixels, byField, fold.train, pixelsPerClass[kind], seed));
    for (const f of fold.test) {
      const { id, classCode } = must(pixels.fields[f], 'field');
      const asked = byField[f] ?? [];
      const votes = new Float64Array(fitted.codes.length);
      for (const c of argmaxRows(askPixels(fitted, asked), fitted.codes.length))
        votes[c] = (votes[c] ?? 0) + 1;
      const best = votes.indexOf(Math.max(...votes));
      const predicted = must(fitted.codes[best], 'class');
      const share = (votes[best] ?? 0) / asked.length;
      if (predicted === classCode || share < surely) continue;
      doubts.push({
        field: id,
        code: classCode,
        predicted,
        share,
        reason: `Labelled ${name(classCode)}, but a model that never saw this field says ${name(predicted)} for ${Math.round(100 * share)} % of it.`,
      });
    }
    stage.advance(1);
  }
  return { doubts: doubts.sort((a, b) => b.share - a.share), note: null };
}
