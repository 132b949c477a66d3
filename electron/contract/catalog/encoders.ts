/** Encoder cards. Parameter counts, FLOPs, receptive field, halo and stride are computed by `compute/encoders`. */
import type { EncoderId } from './ids.ts';
import type { NumberParameter, Parameter } from './parameters.ts';

export interface EncoderCard {
  readonly id: EncoderId;
  readonly name: string;
  readonly summary: string;
  readonly suits: string;
  readonly parameters: readonly Parameter[];
}

function tile(value: number, help: string): NumberParameter {
  return {
    id: 'tile',
    label: 'Tile',
    kind: 'integer',
    default: value,
    min: 8,
    max: 256,
    step: 2,
    unit: 'px',
    help,
  };
}
const dimension: NumberParameter = {
  id: 'dimension',
  label: 'Features',
  kind: 'integer',
  default: 128,
  min: 8,
  max: 1024,
  step: 8,
  unit: '',
  help: 'Features per pixel of the map, and per tile.',
};

export const encoderCards = {
  dense: {
    id: 'dense',
    name: 'Dense, stride 1',
    summary: 'Five 3×3 convolutions and one 1×1, all at full resolution.',
    suits: 'Crop maps of fields from about ten pixels wide: sharp borders, fast, few parameters.',
    parameters: [
      tile(16, 'Somewhat larger than the receptive field, so that a tile seldom holds many fields.'),
      {
        id: 'width',
        label: 'Width',
        kind: 'integer',
        default: 64,
        min: 8,
        max: 256,
        step: 8,
        unit: 'channels',
        help: 'Channels of the hidden layers. Cost grows with the square.',
      },
      {
        id: 'layers',
        label: '3×3 layers',
        kind: 'integer',
        default: 5,
        min: 1,
        max: 12,
        step: 1,
        unit: '',
        help: 'Each widens the receptive field by two pixels.',
      },
      dimension,
    ],
  },
  resnet18: {
    id: 'resnet18',
    name: 'ResNet-18, small-image stem',
    summary:
      'The standard residual network with a 3×3 stem and no pooling; maps by dilation instead of stride.',
    suits: 'Tiles of one label, land cover, and comparison with published work. Wide context, heavier maps.',
    parameters: [
      tile(32, 'The strides need some room: 32 pixels leave 4×4 at the end.'),
      {
        id: 'width',
        label: 'Width',
        kind: 'choice',
        default: '16',
        large: '64',
        choices: [
          { value: '16', label: '16 (0.7 M parameters)' },
          { value: '32', label: '32 (2.8 M parameters)' },
          { value: '64', label: '64 (11 M parameters)' },
        ],
        help: 'Channels of the first stage; the last has eight times as many. 16 trains on a laptop.',
      },
    ],
  },
  spectral: {
    id: 'spectral',
    name: 'Spectral, then spatial',
    summary: 'Convolutions along the wavelength first, then two 3×3 convolutions over space.',
    suits: 'Hyperspectral scenes of 100 to 300 bands.',
    parameters: [
      tile(12, 'Small: most of the information is in the spectrum.'),
      {
        id: 'width',
        label: 'Width',
        kind: 'integer',
        default: 64,
        min: 8,
        max: 256,
        step: 8,
        unit: 'channels',
        help: 'Channels of the spatial layers.',
      },
      dimension,
    ],
  },
} as const satisfies Record<EncoderId, EncoderCard>;

/** The encoder that the app proposes: hyperspectral scenes need the spectrum read first. */
export function defaultEncoder(bands: number): EncoderId {
  return bands >= 60 ? 'spectral' : 'dense';
}
export const encoderCard = (id: EncoderId): EncoderCard => encoderCards[id];
