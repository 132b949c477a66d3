/** Parameters that several methods share, so that each is described once; a card states its own values. */
import type { ChoiceParameter, NumberParameter, Parameter } from './parameters.ts';

/** How long a run is. Not part of a method: an epoch is a number of tiles drawn, as places are sampled without end. */
export const runParameters = [
  {
    id: 'epochs',
    label: 'Epochs',
    kind: 'integer',
    default: 10,
    large: 100,
    min: 1,
    max: 10_000,
    step: 1,
    unit: '',
    help: 'How often the set number of tiles is drawn. Ten epochs of 6400 tiles are 500 steps of 128: minutes on a laptop, and enough on one scene.',
  },
  {
    id: 'tilesPerEpoch',
    label: 'Tiles per epoch',
    kind: 'integer',
    default: 6400,
    large: 51_200,
    min: 64,
    max: 10_000_000,
    step: 64,
    unit: 'tiles',
    help: 'Tiles drawn between two looks at the embeddings. Positions are random, so it need not match the scene; unless set, a small scene draws at most 16 per distinct place.',
  },
  {
    id: 'nodata',
    label: 'Nodata allowed',
    kind: 'number',
    default: 0.1,
    min: 0,
    max: 0.9,
    step: 0.05,
    unit: 'of the tile',
    help: 'Tiles with a larger share of nodata or masked pixels are not used.',
  },
  {
    id: 'robust',
    label: 'Robust normalisation',
    kind: 'switch',
    default: false,
    help: 'Median and median deviation of each band instead of mean and standard deviation: for scenes with clouds or gross errors.',
  },
  {
    id: 'seasonDays',
    label: 'Seasonal positives',
    kind: 'integer',
    default: 0,
    min: 0,
    max: 366,
    step: 1,
    unit: 'days',
    help: 'The second view comes from a scene of the same grid at most this many days apart. It teaches the encoder to ignore phenology: 0 (off) for crops.',
  },
  {
    id: 'stopOnCollapse',
    label: 'Stop on collapse',
    kind: 'switch',
    default: false,
    help: 'End the run at the first epoch after which all tiles look alike to the encoder, instead of only warning. What was learnt until then can be looked at and resumed.',
  },
] as const satisfies readonly Parameter[];

type Numbers = Pick<NumberParameter, 'default'> & Partial<Pick<NumberParameter, 'large' | 'max' | 'help'>>;

/** Written out once, because every method has them; a method gives its default and its reason. */
export function batchSize(values: Numbers & { readonly help: string }): NumberParameter {
  return {
    id: 'batch',
    label: 'Batch',
    kind: 'integer',
    min: 4,
    max: 4096,
    step: 8,
    unit: 'tiles',
    ...values,
  };
}

export function width(
  id: string,
  label: string,
  values: Numbers & { readonly help: string },
): NumberParameter {
  return { id, label, kind: 'integer', min: 8, max: 8192, step: 8, unit: '', ...values };
}

export function temperature(values: Numbers & { readonly help: string }): NumberParameter {
  return {
    id: 'temperature',
    label: 'Temperature',
    kind: 'number',
    min: 0.03,
    max: 2,
    step: 0.01,
    unit: '',
    ...values,
  };
}

/** Optimizer, learning rate, weight decay, warm-up and end of the cosine: one block per card. */
export function optimization(values: {
  readonly largeOptimizer: 'sgd' | 'lars';
  readonly learningRate: number;
  readonly largeLearningRate: number;
  readonly weightDecay: number;
  readonly largeWeightDecay: number;
  readonly warmup: number;
  readonly largeWarmup: number;
  readonly end: number;
}): readonly [ChoiceParameter, NumberParameter, NumberParameter, NumberParameter, NumberParameter] {
  return [
    {
      id: 'optimizer',
      label: 'Optimizer',
      kind: 'choice',
      default: 'adamw',
      large: values.largeOptimizer,
      choices: [
        { value: 'adamw', label: 'AdamW' },
        { value: 'sgd', label: 'SGD with momentum 0.9' },
        { value: 'lars', label: 'LARS' },
        { value: 'lars-clipped', label: 'LARS, clipped (small images)' },
      ],
      help: 'AdamW learns fastest in short runs and needs no scaling. SGD and LARS are the published choices for long runs; their rate is multiplied by batch / 256.',
    },
    {
      id: 'learningRate',
      label: 'Learning rate',
      kind: 'number',
      default: values.learningRate,
      large: values.largeLearningRate,
      min: 0.000001,
      max: 10,
      step: 0.0001,
      unit: '',
      help: 'Peak of the schedule. Per 256 tiles for SGD and LARS, absolute for AdamW. Lower it when the loss jumps.',
    },
    {
      id: 'weightDecay',
      label: 'Weight decay',
      kind: 'number',
      default: values.weightDecay,
      large: values.largeWeightDecay,
      min: 0,
      max: 1,
      step: 0.00001,
      unit: '',
      help: 'Pulls weights towards zero. AdamW applies it apart from the gradient; AdamW and LARS leave biases and normalisation alone.',
    },
    {
      id: 'warmup',
      label: 'Warm-up',
      kind: 'number',
      default: values.warmup,
      large: values.largeWarmup,
      min: 0,
      max: 0.5,
      step: 0.01,
      unit: 'of the run',
      help: 'Share of the steps in which the learning rate rises from zero.',
    },
    {
      id: 'finalRate',
      label: 'End of the cosine',
      kind: 'number',
      default: values.end,
      min: 0,
      max: 1,
      step: 0.001,
      unit: 'of the peak',
      help: 'Learning rate of the last step as a share of the peak.',
    },
  ];
}
