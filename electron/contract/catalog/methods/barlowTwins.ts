import type { MethodCard } from '../methodCard.ts';
import { batchSize, optimization, width } from '../training.ts';

export const barlowTwins = {
  id: 'barlow-twins',
  name: 'Barlow Twins',
  summary: 'Makes each feature agree between the views and disagree with every other feature.',
  paper: {
    title: 'Barlow Twins: Self-Supervised Learning via Redundancy Reduction',
    authors: 'Zbontar, Jing, Misra, LeCun, Deny',
    year: 2021,
    venue: 'ICML',
    arxiv: '2103.03230',
  },
  needs: { negatives: 'No', batch: 'Moderate', redundancy: 'Yes', efficient: 'Yes' },
  strengths: [
    'No negatives, so neighbours of one crop are not pushed apart',
    'Decorrelated features suit simple heads',
  ],
  cautions: ['Wants a wide projector', 'The off-diagonal weight was tuned for 8192 features'],
  parameters: [
    batchSize({
      default: 128,
      large: 2048,
      help: 'Correlations are estimated from the batch: 128 to 256 work.',
    }),
    width('projectorWidth', 'Projector width', {
      default: 512,
      large: 8192,
      help: 'Width of the three projector layers; the correlation matrix is width × width.',
    }),
    {
      id: 'lambda',
      label: 'Off-diagonal weight λ',
      kind: 'number',
      default: 0.0051,
      min: 0,
      max: 1,
      step: 0.0001,
      unit: '',
      help: 'Weight of redundancy against agreement, as published for 8192 features; ports to narrow projectors also use 1 / width. 0 lets the features repeat each other.',
    },
    {
      id: 'biasRate',
      label: 'Rate of biases and normalisation',
      kind: 'number',
      default: 0.024,
      min: 0.0001,
      max: 1,
      step: 0.001,
      unit: 'of the learning rate',
      help: 'LARS only: the authors train one-dimensional parameters at 0.0048 against 0.2.',
    },
    ...optimization({
      largeOptimizer: 'lars',
      learningRate: 0.001,
      largeLearningRate: 0.2,
      weightDecay: 0.0001,
      largeWeightDecay: 0.000001,
      warmup: 0.05,
      largeWarmup: 0.01,
      end: 0.001,
    }),
  ],
  terms: [
    { id: 'invariance', label: 'On the diagonal' },
    { id: 'redundancy', label: 'Off the diagonal' },
  ],
} as const satisfies MethodCard;
