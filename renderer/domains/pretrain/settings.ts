import type { DataKind } from '../../../electron/contract/catalog/augmentations/card.ts';
import { augmentationCard, augmentationIds } from '../../../electron/contract/catalog/augmentations.ts';
import { encoderCard } from '../../../electron/contract/catalog/encoders.ts';
import type { EncoderId, MethodId } from '../../../electron/contract/catalog/ids.ts';
import { methodCard } from '../../../electron/contract/catalog/methods.ts';
import type {
  Parameter,
  ParameterValue,
  ParameterValues,
} from '../../../electron/contract/catalog/parameters.ts';
import { sensorCards } from '../../../electron/contract/catalog/sensors.ts';
import { runParameters } from '../../../electron/contract/catalog/training.ts';
import type { Input } from '../../../electron/contract/methods.ts';
import type { Scene } from '../../../electron/contract/scene.ts';

/** What the form holds: only what differs from the cards, so that a changed card changes the run. */
export interface PretrainChoice {
  readonly method: MethodId;
  readonly encoder: EncoderId;
  readonly regions: readonly string[];
  readonly scenes: readonly string[];
  readonly seed: number;
  readonly device: string;
  readonly set: ParameterValues;
  /** Earlier run to start from, and its band for each band of the scene. */
  readonly from?: string | null;
  readonly fromBands?: readonly number[] | null;
}

/** Parameters that the call names itself; all others travel in `set`. */
const named = ['tile', 'epochs', 'batch'] as const;

export function toPretrainCall(choice: PretrainChoice): Input<'runs.pretrain'> {
  const known = new Set(settingIds(choice.method, choice.encoder));
  const given = Object.entries(choice.set).filter(([id]) => known.has(id));
  const isNamed = (id: string) => named.some((n) => n === id);
  return {
    method: choice.method,
    encoder: choice.encoder,
    scenes: [...choice.scenes],
    regions: [...choice.regions],
    seed: choice.seed,
    device: choice.device,
    ...(choice.from ? { from: choice.from } : {}),
    ...(choice.from && choice.fromBands ? { fromBands: [...choice.fromBands] } : {}),
    ...Object.fromEntries(given.filter(([id]) => isNamed(id))),
    set: Object.fromEntries(given.filter(([id]) => !isNamed(id))),
  };
}

/** Everything that can be set for this method and encoder. */
function settingIds(method: MethodId, encoder: EncoderId): string[] {
  const augmentations = augmentationIds.flatMap((id) => [
    id,
    ...augmentationCard(id).parameters.map((p) => `${id}.${p.id}`),
  ]);
  const parameters = [...runParameters, ...methodCard(method).parameters, ...encoderCard(encoder).parameters];
  return [...parameters.map((p) => p.id), ...augmentations];
}

export function settingOf(parameter: Parameter, set: ParameterValues, key = parameter.id): ParameterValue {
  return set[key] ?? parameter.default;
}

/** The settings with one changed; back at its default, it is not kept. */
export function withValue(
  set: ParameterValues,
  parameter: Parameter,
  value: ParameterValue | null,
  key = parameter.id,
): ParameterValues {
  const { [key]: _, ...others } = set;
  return value === null || value === parameter.default ? others : { ...others, [key]: value };
}

export function dataKind(scene: Scene | null): DataKind {
  const card = sensorCards.find((s) => s.id === scene?.sensor);
  if (card) return card.data;
  return scene?.bands.some((b) => b.role === 'power') ? 'radar' : 'optical';
}

/** Width of what the loss compares: the last layer of the projector, as the run set it or as the card has it. */
export function embeddingWidth(method: MethodId, set: unknown): number {
  const given: ParameterValues = typeof set === 'object' && set !== null ? (set as ParameterValues) : {};
  const { parameters } = methodCard(method);
  const last = ['outputWidth', 'projectorWidth'].flatMap(
    (id) => parameters.find((p) => p.id === id) ?? [],
  )[0];
  return last ? Number(settingOf(last, given)) : 1;
}
