import type { Arrays } from '../../compute/step.ts';
import type { HeadId } from '../../contract/catalog/ids.ts';
import type { Head } from './head.ts';
import { loadKnn } from './knn.ts';
import { loadLinear } from './linear.ts';
import { loadMlp } from './mlp.ts';

const loaders = {
  linear: loadLinear,
  mlp: loadMlp,
  knn: loadKnn,
  // What fine-tuning leaves is an encoder of its own and a linear head.
  finetune: loadLinear,
} as const satisfies Record<HeadId, unknown>;

/** A head from what a model file keeps. */
export function loadHead(kind: HeadId, settings: Readonly<Record<string, number>>, arrays: Arrays): Head {
  return loaders[kind](settings, arrays);
}
