import type { MethodCard } from '../methodCard.ts';
import type { NumberParameter } from '../parameters.ts';
import { batchSize, optimization, width } from '../training.ts';

function weight(id: string, label: string, value: number, help: string): NumberParameter {
  return { id, label, kind: 'number', default: value, min: 0, max: 1000, step: 0.5, unit: '', help };
}

export const vicreg = {
  id: 'vicreg',
  name: 'VICReg',
  summary: 'Keeps the views close, every feature spread, and the features uncorrelated: three plain terms.',
  paper: {
    title: 'VICReg: Variance-Invariance-Covariance Regularization for Self-Supervised Learning',
    authors: 'Bardes, Ponce, LeCun',
    year: 2022,
    venue: 'ICLR',
    arxiv: '2105.04906',
  },
  needs: { negatives: 'No', batch: 'Moderate', redundancy: 'Yes', efficient: 'Yes' },
  strengths: [
    'Cannot collapse while its variance term holds, also with a small encoder',
    'No negatives, so neighbours of one crop are not pushed apart',
  ],
  cautions: ['Three weights to balance; the published ones are a good start'],
  parameters: [
    batchSize({
      default: 128,
      large: 2048,
      help: 'Variance and covariance are estimated from the batch: 128 works.',
    }),
    width('projectorWidth', 'Projector width', {
      default: 512,
      large: 8192,
      help: 'Width of the three projector layers. Wide helps; the covariance is width × width.',
    }),
    weight('invarianceWeight', 'Invariance weight', 25, 'Pull between the two views.'),
    weight('varianceWeight', 'Variance weight', 25, 'Keeps each feature’s std above 1. 0 collapses.'),
    weight('covarianceWeight', 'Covariance weight', 1, 'Decorrelates the features.'),
    ...optimization({
      largeOptimizer: 'lars',
      learningRate: 0.001,
      largeLearningRate: 0.2,
      weightDecay: 0.01,
      largeWeightDecay: 0.000001,
      warmup: 0,
      largeWarmup: 0.01,
      end: 0.001,
    }),
  ],
  terms: [
    { id: 'invariance', label: 'Invariance' },
    { id: 'variance', label: 'Variance' },
    { id: 'covariance', label: 'Covariance' },
  ],
} as const satisfies MethodCard;
