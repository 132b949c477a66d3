/** One flat list of `id=value` settings, sorted out over the cards that a pretraining run draws on. */
import { AppError } from '../../base/errors.ts';
import type { DataKind } from './augmentations/card.ts';
import { type Augmentation, augmentationIds, chooseAugmentations } from './augmentations.ts';
import { encoderCard } from './encoders.ts';
import type { EncoderId, MethodId } from './ids.ts';
import { methodCard } from './methods.ts';
import { type Parameter, type ParameterValues, resolveParameters, type Scale } from './parameters.ts';
import { runParameters } from './training.ts';

export interface PretrainSettings {
  readonly run: ParameterValues;
  readonly method: ParameterValues;
  readonly encoder: ParameterValues;
  readonly augmentations: readonly Augmentation[];
}

/**
 * Every value of a pretraining run, defaults filled in. `given` holds parameter ids of the run, the method and the
 * encoder, and `augmentation` or `augmentation.parameter`. Throws AppError `usage` naming what is unknown or out of range.
 */
export function pretrainSettings(
  choice: { method: MethodId; encoder: EncoderId; data: DataKind; scale?: Scale },
  given: ParameterValues,
): PretrainSettings {
  const method = methodCard(choice.method);
  const encoder = encoderCard(choice.encoder);
  const scale = choice.scale ?? 'small';
  const groups = { run: runParameters, method: method.parameters, encoder: encoder.parameters };
  const taken = new Set<string>();
  const pick = (parameters: readonly Parameter[]): ParameterValues => {
    const ids = Object.keys(given).filter((id) => parameters.some((p) => p.id === id));
    for (const id of ids) taken.add(id);
    return Object.fromEntries(ids.map((id) => [id, given[id] as number | string | boolean]));
  };
  const run = resolveParameters('The run', groups.run, pick(groups.run), scale);
  const methodValues = resolveParameters(method.name, groups.method, pick(groups.method), scale);
  const encoderValues = resolveParameters(encoder.name, groups.encoder, pick(groups.encoder), scale);
  const rest = Object.entries(given).filter(([id]) => !taken.has(id));
  for (const [id] of rest) {
    if (!augmentationIds.some((known) => known === id.split('.')[0])) {
      const known = Object.values(groups).flatMap((parameters) => parameters.map((p) => p.id));
      throw new AppError('usage', `There is no setting '${id}'`, {
        subject: id,
        remedy: `Choose from ${[...known, ...augmentationIds].join(', ')}.`,
      });
    }
  }
  const augmentations = chooseAugmentations(choice.data, Object.fromEntries(rest), scale);
  return { run, method: methodValues, encoder: encoderValues, augmentations };
}
