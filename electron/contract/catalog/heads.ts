/** Head cards: what turns features into classes, and what it asks. */
import type { HeadId } from './ids.ts';
import type { Parameter } from './parameters.ts';

export interface HeadCard {
  readonly id: HeadId;
  readonly name: string;
  readonly summary: string;
  readonly suits: string;
  readonly parameters: readonly Parameter[];
}

export const headCards = {
  linear: {
    id: 'linear',
    name: 'Linear',
    summary: 'Multinomial logistic regression on frozen features, to convergence.',
    suits: 'The first choice from 3 labels per class: convex, seconds, the same answer every time.',
    parameters: [
      {
        id: 'penalty',
        label: 'L2 penalty',
        kind: 'number',
        default: 10,
        min: 0.000001,
        max: 1000,
        step: 0.1,
        unit: '',
        help: 'Half of this times the squared weights is added to the summed loss, on standardised features. Where cross-validation over fields finds another clearly better, that is taken.',
      },
    ],
  },
  mlp: {
    id: 'mlp',
    name: 'Small network',
    summary: 'One hidden layer on frozen features.',
    suits: 'From about 100 labels per class, when classes are not linearly separable.',
    parameters: [
      {
        id: 'hidden',
        label: 'Hidden units',
        kind: 'integer',
        default: 128,
        min: 4,
        max: 1024,
        step: 4,
        unit: '',
        help: 'Width of the hidden layer.',
      },
      {
        id: 'steps',
        label: 'Steps',
        kind: 'integer',
        default: 300,
        min: 10,
        max: 100_000,
        step: 10,
        unit: '',
        help: 'AdamW steps on all labels at once or in batches.',
      },
      {
        id: 'learningRate',
        label: 'Learning rate',
        kind: 'number',
        default: 0.003,
        min: 0.00001,
        max: 1,
        step: 0.0001,
        unit: '',
        help: 'Peak of a cosine.',
      },
      {
        id: 'weightDecay',
        label: 'Weight decay',
        kind: 'number',
        default: 0.05,
        min: 0,
        max: 1,
        step: 0.01,
        unit: '',
        help: 'Pulls weights towards zero; labels are few, so it is strong.',
      },
    ],
  },
  knn: {
    id: 'knn',
    name: 'Nearest neighbours',
    summary: 'Votes of the nearest labelled features by cosine.',
    suits: 'A look at the features themselves: nothing is trained.',
    parameters: [
      {
        id: 'k',
        label: 'Neighbours',
        kind: 'integer',
        default: 5,
        min: 1,
        max: 500,
        step: 1,
        unit: '',
        help: 'At most the number of labels.',
      },
      {
        id: 'temperature',
        label: 'Temperature',
        kind: 'number',
        default: 0.1,
        min: 0.01,
        max: 10,
        step: 0.01,
        unit: '',
        help: 'A vote weighs exp(cosine / temperature).',
      },
    ],
  },
  finetune: {
    id: 'finetune',
    name: 'Fine-tune',
    summary: 'Trains encoder and a linear head together, with a small rate for the encoder.',
    suits: 'From about 50 labels per class, or a sensor unlike the one the encoder learned from.',
    parameters: [
      {
        id: 'batch',
        label: 'Batch',
        kind: 'integer',
        default: 64,
        min: 4,
        max: 4096,
        step: 4,
        unit: 'labels',
        help: 'Labelled places per step.',
      },
      {
        id: 'steps',
        label: 'Steps',
        kind: 'integer',
        default: 200,
        min: 10,
        max: 100_000,
        step: 10,
        unit: '',
        help: 'More steps fit the labels closer, and may fit their noise.',
      },
      {
        id: 'learningRate',
        label: 'Learning rate of the head',
        kind: 'number',
        default: 0.003,
        min: 0.00001,
        max: 1,
        step: 0.0001,
        unit: '',
        help: 'Peak of a cosine, AdamW.',
      },
      {
        id: 'encoderRate',
        label: 'Rate of the encoder',
        kind: 'number',
        default: 0.1,
        min: 0,
        max: 1,
        step: 0.01,
        unit: 'of the head’s',
        help: 'Small, so that few labels do not undo what the pixels taught. 0 freezes the encoder.',
      },
      {
        id: 'weightDecay',
        label: 'Weight decay',
        kind: 'number',
        default: 0.01,
        min: 0,
        max: 1,
        step: 0.01,
        unit: '',
        help: 'Pulls weights towards zero.',
      },
    ],
  },
} as const satisfies Record<HeadId, HeadCard>;

export const headCard = (id: HeadId): HeadCard => headCards[id];
