/**
 * Augmentations for remote sensing. The feed implements each on typed arrays under the same id; within a stage they
 * run in the order of this table, and the stages in the order geometry, physical, normalised. Nothing clips.
 */
import { AppError } from '../../base/errors.ts';
import type { AugmentationCard, DataKind } from './augmentations/card.ts';
import { geometry } from './augmentations/geometry.ts';
import { radiometry } from './augmentations/radiometry.ts';
import { defaultsOf, type ParameterValues, resolveParameters, type Scale } from './parameters.ts';

export const augmentationCards = { ...geometry, ...radiometry } as const;
export type AugmentationId = keyof typeof augmentationCards;
export const augmentationIds = Object.keys(augmentationCards) as AugmentationId[];
export const augmentationCard = (id: AugmentationId): AugmentationCard => augmentationCards[id];

/** One augmentation that is on, with its values. */
export interface Augmentation {
  readonly id: AugmentationId;
  readonly values: ParameterValues;
}

/** What is on by default for this kind of data. */
export function standardAugmentations(kind: DataKind, scale: Scale = 'small'): Augmentation[] {
  return augmentationIds
    .filter((id) => augmentationCard(id).onFor.includes(kind))
    .map((id) => ({ id, values: defaultsOf(augmentationCard(id).parameters, scale) }));
}

/**
 * The standard set changed by `id=true|false` and `id.parameter=value`; a value turns its augmentation on.
 * Throws AppError `usage` for unknown ids or values, `unsupported` for one that is not valid for the data.
 */
export function chooseAugmentations(
  kind: DataKind,
  changes: ParameterValues,
  scale: Scale = 'small',
): Augmentation[] {
  const chosen = new Map<AugmentationId, Record<string, number | string | boolean>>(
    standardAugmentations(kind, scale).map((a) => [a.id, {}]),
  );
  for (const [key, value] of Object.entries(changes)) {
    const [name, parameter] = key.split('.', 2);
    const id = augmentationIds.find((known) => known === name);
    if (!id) {
      throw new AppError('usage', `There is no augmentation '${name}'`, {
        subject: key,
        remedy: `Choose from ${augmentationIds.join(', ')}.`,
      });
    }
    if (parameter !== undefined) chosen.set(id, { ...chosen.get(id), [parameter]: value });
    else if (value === true || value === 'true') chosen.set(id, chosen.get(id) ?? {});
    else if (value === false || value === 'false') chosen.delete(id);
    else
      throw new AppError('usage', `${id} is turned on or off by true or false, not ${value}`, {
        subject: key,
      });
  }
  return augmentationIds
    .filter((id) => chosen.has(id))
    .map((id) => {
      const card = augmentationCard(id);
      if (!card.validFor.includes(kind)) {
        throw new AppError('unsupported', `${card.label} is not meant for ${kind} data`, {
          subject: id,
          remedy: `Turn it off. ${card.help}`,
        });
      }
      return { id, values: resolveParameters(card.label, card.parameters, chosen.get(id) ?? {}, scale) };
    });
}
