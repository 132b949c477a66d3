import { headCards } from '../../../electron/contract/catalog/heads.ts';
import { headIds } from '../../../electron/contract/catalog/ids.ts';
import type { Model, Run } from '../../../electron/contract/run.ts';
import { formatPercent } from '../../texts/format.ts';
import { t } from '../../texts/texts.ts';
import { encoderName } from './encoderNames.ts';

/** "Linear on VICReg, 23 Nov 17:42 · 91.2 %" */
export function modelName(model: Model, runs: readonly Run[]): string {
  const head = headIds.find((h) => h === model.head);
  const estimate = model.result.transferEstimate;
  const score = estimate ? ` · ${formatPercent(estimate.oa)}` : '';
  return `${head ? headCards[head].name : model.head} ${t.train.from(encoderName(model.encoder, runs))}${score}`;
}
