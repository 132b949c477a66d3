import type { MethodCard } from '../methodCard.ts';
import { batchSize, optimization, temperature, width } from '../training.ts';

export const simclr = {
  id: 'simclr',
  name: 'SimCLR',
  summary: 'Pulls two views of a tile together and pushes all other tiles of the batch away.',
  paper: {
    title: 'A Simple Framework for Contrastive Learning of Visual Representations',
    authors: 'Chen, Kornblith, Norouzi, Hinton',
    year: 2020,
    venue: 'ICML',
    arxiv: '2002.05709',
  },
  needs: { negatives: 'Yes', batch: 'Large', redundancy: 'No', efficient: 'Yes, with tuning' },
  strengths: ['Hard to collapse', 'One loss, no second network'],
  cautions: [
    'Wants large batches: every other tile is a negative',
    'Neighbouring tiles of one crop count as negatives, which works against crop classes',
  ],
  parameters: [
    batchSize({
      default: 256,
      large: 4096,
      help: 'More tiles, more negatives. Take the largest that memory allows.',
    }),
    temperature({
      default: 0.5,
      large: 0.1,
      help: 'Lower values look harder at the closest negatives; 0.5 is the official choice for small images.',
    }),
    width('projectorWidth', 'Projector width', {
      default: 512,
      large: 2048,
      help: 'Width of the hidden layers.',
    }),
    width('outputWidth', 'Embedding width', { default: 128, help: 'What the loss compares, as published.' }),
    {
      id: 'projectorLayers',
      label: 'Projector layers',
      kind: 'integer',
      default: 3,
      min: 2,
      max: 4,
      step: 1,
      unit: '',
      help: 'Two in the paper, three in the authors’ later code.',
    },
    ...optimization({
      largeOptimizer: 'lars',
      learningRate: 0.001,
      largeLearningRate: 0.3,
      weightDecay: 0.0001,
      largeWeightDecay: 0.000001,
      warmup: 0.05,
      largeWarmup: 0.1,
      end: 0,
    }),
  ],
  terms: [
    { id: 'alignment', label: 'Positive pairs' },
    { id: 'contrast', label: 'Against the rest' },
  ],
} as const satisfies MethodCard;
