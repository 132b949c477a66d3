import type { MethodCard } from '../methodCard.ts';
import { batchSize, optimization, width } from '../training.ts';

export const simsiam = {
  id: 'simsiam',
  name: 'SimSiam',
  summary: 'Predicts one view from the other; a stopped gradient alone keeps it from collapsing.',
  paper: {
    title: 'Exploring Simple Siamese Representation Learning',
    authors: 'Chen, He',
    year: 2021,
    venue: 'CVPR',
    arxiv: '2011.10566',
  },
  needs: { negatives: 'No', batch: 'Small', redundancy: 'Implicit', efficient: 'Yes' },
  strengths: ['Works with small batches and little memory', 'No negatives, no queue, no second network'],
  cautions: [
    'Collapses in part when the encoder is small for the data set: watch std and RankMe',
    'Its loss can reach −1 by collapsing, so a falling loss proves nothing',
  ],
  parameters: [
    batchSize({
      default: 128,
      large: 512,
      help: 'Small batches work; batch normalisation wants at least about 64.',
    }),
    width('projectorWidth', 'Projector width', {
      default: 512,
      large: 2048,
      help: 'Width of the three projector layers and of the embedding the loss sees.',
    }),
    width('predictorWidth', 'Predictor bottleneck', {
      default: 128,
      large: 512,
      help: 'A quarter of the projector width, as published.',
    }),
    {
      id: 'constantPredictorRate',
      label: 'Keep the predictor’s rate',
      kind: 'switch',
      default: true,
      help: 'The predictor must keep up with the encoder, so its learning rate does not decay.',
    },
    {
      id: 'stopGradient',
      label: 'Stop gradient',
      kind: 'switch',
      default: true,
      help: 'Off only to see it collapse: the negative control of the paper.',
    },
    ...optimization({
      largeOptimizer: 'sgd',
      // At 0.001 the rank of the features fell below the untrained encoder's on the two-season scene of the benchmark.
      learningRate: 0.0003,
      largeLearningRate: 0.05,
      weightDecay: 0.0001,
      largeWeightDecay: 0.0001,
      warmup: 0,
      largeWarmup: 0,
      end: 0,
    }),
  ],
  terms: [
    { id: 'view1', label: 'View 1 predicts view 2' },
    { id: 'view2', label: 'View 2 predicts view 1' },
  ],
} as const satisfies MethodCard;
