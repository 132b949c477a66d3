/** From a card's values to an optimizer and its scalars at each step. */
import { never } from '../../base/assert.ts';
import type { ParameterValues } from '../../contract/catalog/parameters.ts';
import { adamw } from '../optim/adamw.ts';
import { lars } from '../optim/lars.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import { cosineRate } from '../optim/schedule.ts';
import { sgdMomentum } from '../optim/sgd.ts';
import { numberOf, type RateGroup } from './method.ts';

const optimizerIds = ['adamw', 'sgd', 'lars', 'lars-clipped'] as const;
type OptimizerId = (typeof optimizerIds)[number];

function idOf(values: ParameterValues): OptimizerId {
  return optimizerIds.find((id) => id === values.optimizer) ?? 'adamw';
}

export function optimizerOf(values: ParameterValues): Optimizer {
  const decay = numberOf(values, 'weightDecay');
  const id = idOf(values);
  switch (id) {
    case 'adamw':
      return adamw(decay);
    case 'sgd':
      return sgdMomentum(decay);
    case 'lars':
      return lars(decay);
    case 'lars-clipped':
      return lars(decay, { eta: 0.02, clipped: true });
    default:
      return never(id, 'optimizer');
  }
}

/** Peak of the schedule: AdamW's is absolute, the others are scaled by batch / 256 (Goyal et al. 2017). */
export function peakRate(values: ParameterValues, batch: number): number {
  const rate = numberOf(values, 'learningRate');
  return idOf(values) === 'adamw' ? rate : (rate * batch) / 256;
}

/** Learning rates of step `step` of `total`, by hyper name. */
export function ratesAt(
  values: ParameterValues,
  batch: number,
  groups: readonly RateGroup[],
  step: number,
  total: number,
): Record<string, number> {
  const peak = peakRate(values, batch);
  const warmup = Math.round(numberOf(values, 'warmup') * total);
  const scheduled = cosineRate({ peak, warmup, total, end: numberOf(values, 'finalRate') }, step);
  const rates: Record<string, number> = { lr: scheduled };
  for (const group of groups) rates[group.hyper] = (group.constant ? peak : scheduled) * group.scale;
  return rates;
}
