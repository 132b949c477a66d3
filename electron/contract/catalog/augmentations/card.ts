import type { NumberParameter, Parameter } from '../parameters.ts';

/** What the pixels are. Radar here means power or intensity and terms made of it. */
export type DataKind = 'optical' | 'radar';

/**
 * Where in the chain an augmentation runs: `geometry` moves pixels; `physical` acts on stored units (reflectance,
 * power) before normalisation; `normalised` acts after it, in standard deviations of the band.
 */
export type AugmentationStage = 'geometry' | 'physical' | 'normalised';

export interface AugmentationCard {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly stage: AugmentationStage;
  /** Kinds of data on which it makes sense; a form hides it on others, the feed refuses it. */
  readonly validFor: readonly DataKind[];
  /** Kinds of data on which it is on unless the analyst turns it off. */
  readonly onFor: readonly DataKind[];
  readonly parameters: readonly Parameter[];
}

export const anyData = ['optical', 'radar'] as const;

export function probability(value: number): NumberParameter {
  return {
    id: 'probability',
    label: 'Probability',
    kind: 'number',
    default: value,
    min: 0,
    max: 1,
    step: 0.05,
    unit: '',
    help: 'Share of the views that it touches.',
  };
}

/** An amplitude with its unit: `σ` for standard deviations of the band after normalisation. */
export function amount(
  id: string,
  label: string,
  value: number,
  max: number,
  unit: string,
  help: string,
): NumberParameter {
  return { id, label, kind: 'number', default: value, min: 0, max, step: max <= 1 ? 0.01 : 0.1, unit, help };
}
