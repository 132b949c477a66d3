import { AppError } from '../../base/errors.ts';
import type { Arrays } from '../../compute/step.ts';
import type { HeadId } from '../../contract/catalog/ids.ts';
import type { Head } from './head.ts';
import { loadKnn } from './knn.ts';
import { loadLinear } from './linear.ts';
import { loadMlp } from './mlp.ts';

/** A head from what a model file keeps. Errors: unsupported for a kind that this version cannot use. */
export function loadHead(kind: HeadId, settings: Readonly<Record<string, number>>, arrays: Arrays): Head {
  if (kind === 'linear') return loadLinear(settings, arrays);
  if (kind === 'knn') return loadKnn(settings, arrays);
  if (kind === 'mlp') return loadMlp(settings, arrays);
  throw new AppError('unsupported', `The head '${kind}' cannot be used yet`, {
    remedy: 'Train with the head linear, mlp or knn.',
  });
}
