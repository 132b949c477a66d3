/** A pretraining run with every choice made: what is recorded, checkpointed and resumed. */

import type { DataKind } from '../contract/catalog/augmentations/card.ts';
import type { Augmentation } from '../contract/catalog/augmentations.ts';
import type { EncoderId, MethodId } from '../contract/catalog/ids.ts';
import type { ParameterValues } from '../contract/catalog/parameters.ts';
import { pretrainSettings } from '../contract/catalog/settings.ts';
import type { PretrainParams } from '../contract/methods.ts';

export interface PretrainPlan {
  readonly method: MethodId;
  readonly encoder: EncoderId;
  readonly seed: number;
  readonly tile: number;
  readonly batch: number;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** Share of a tile that may be nodata. */
  readonly nodata: number;
  readonly robust: boolean;
  readonly seasonDays: number;
  /** Whether a full collapse ends the run. */
  readonly stopOnCollapse: boolean;
  /** Values of the method's and the encoder's card. */
  readonly methodValues: ParameterValues;
  readonly encoderValues: ParameterValues;
  readonly augmentations: readonly Augmentation[];
}

/**
 * The plan that the parameters ask for, defaults from the catalogue. Errors: usage for an unknown setting or a value
 * out of range, unsupported for an augmentation that does not suit the data.
 */
export function planPretraining(params: PretrainParams, data: DataKind): PretrainPlan {
  const { tile, epochs, batch } = params;
  const named = Object.entries({ tile, epochs, batch }).filter(([, value]) => value !== undefined);
  const given = { ...params.set, ...Object.fromEntries(named) } as ParameterValues;
  const settings = pretrainSettings({ method: params.method, encoder: params.encoder, data }, given);
  const batchSize = Number(settings.method.batch);
  return {
    method: params.method,
    encoder: params.encoder,
    seed: params.seed,
    tile: Number(settings.encoder.tile),
    batch: batchSize,
    epochs: Number(settings.run.epochs),
    stepsPerEpoch: Math.max(1, Math.round(Number(settings.run.tilesPerEpoch) / batchSize)),
    nodata: Number(settings.run.nodata),
    robust: settings.run.robust === true,
    seasonDays: Number(settings.run.seasonDays),
    stopOnCollapse: settings.run.stopOnCollapse === true,
    methodValues: settings.method,
    encoderValues: settings.encoder,
    augmentations: settings.augmentations,
  };
}
