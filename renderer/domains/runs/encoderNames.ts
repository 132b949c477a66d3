import { methodIds } from '../../../electron/contract/catalog/ids.ts';
import { methodCards } from '../../../electron/contract/catalog/methods.ts';
import type { Run } from '../../../electron/contract/run.ts';
import { formatTime } from '../../texts/format.ts';
import { t } from '../../texts/texts.ts';

/** "VICReg, 23 Nov 17:42", or "raw bands". */
export function encoderName(encoder: string, runs: readonly Run[]): string {
  if (encoder === 'none') return t.train.rawShort;
  const run = runs.find((r) => r.id === encoder);
  const method = methodIds.find((m) => m === run?.method);
  return run && method ? `${methodCards[method].name}, ${formatTime(run.created)}` : encoder;
}

/** The encoders of a project as a selection offers them. */
export function encoderOptions(runs: { readonly encoders: readonly Run[]; readonly list: readonly Run[] }) {
  return runs.encoders.map(({ id }) => ({ value: id, label: encoderName(id, runs.list) }));
}
