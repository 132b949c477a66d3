import { type AugmentationCard, amount, anyData, probability } from './card.ts';

/**
 * Illumination, atmosphere and sensor noise change; the shape of the spectrum names the crop. So brightness may vary
 * freely, single bands a little, and hue not at all.
 */
export const radiometry = {
  gain: {
    id: 'gain',
    label: 'Gain of the tile',
    help: 'All bands times one factor: illumination and topography.',
    stage: 'physical',
    validFor: ['optical'],
    onFor: ['optical'],
    parameters: [
      probability(1),
      amount('strength', 'Strength', 0.2, 0.9, '', 'Factor drawn from 1 − s to 1 + s.'),
    ],
  },
  bandGain: {
    id: 'bandGain',
    label: 'Gain of each band (spectral shift)',
    help: 'Each band times its own factor: atmosphere and calibration.',
    stage: 'physical',
    validFor: ['optical'],
    onFor: ['optical'],
    parameters: [
      probability(1),
      amount('strength', 'Strength', 0.1, 0.9, '', 'Factor drawn from 1 − s to 1 + s.'),
    ],
  },
  speckle: {
    id: 'speckle',
    label: 'Speckle',
    help: 'Multiplies each pixel by a gamma-distributed factor of mean 1, the same in all bands of the pixel.',
    stage: 'physical',
    validFor: ['radar'],
    onFor: [],
    parameters: [
      probability(0.5),
      amount('looks', 'Looks', 8, 64, '', 'Variance of the factor is 1 / looks. Fewer looks, more speckle.'),
    ],
  },
  solarize: {
    id: 'solarize',
    label: 'Solarize',
    help: 'Mirrors values above a threshold. From photographs; it breaks the meaning of reflectance.',
    stage: 'normalised',
    validFor: ['optical'],
    onFor: [],
    parameters: [
      probability(0.2),
      amount('threshold', 'Above', 1, 5, 'σ', 'Values beyond this are mirrored about it.'),
    ],
  },
  contrast: {
    id: 'contrast',
    label: 'Contrast',
    help: 'All bands times one factor about their mean.',
    stage: 'normalised',
    validFor: anyData,
    onFor: ['radar'],
    parameters: [
      probability(1),
      amount('sigma', 'Strength', 0.1, 1, '', 'Factor is 1 plus a normal number times this.'),
    ],
  },
  offset: {
    id: 'offset',
    label: 'Offset of each band',
    help: 'Adds one number to each band of the tile: haze, incidence angle, moisture.',
    stage: 'normalised',
    validFor: anyData,
    onFor: anyData,
    parameters: [
      probability(1),
      amount('sigma', 'Strength', 0.1, 3, 'σ', 'Normal, in standard deviations of the band.'),
    ],
  },
  noise: {
    id: 'noise',
    label: 'Noise',
    help: 'Adds an independent number to every value.',
    stage: 'normalised',
    validFor: anyData,
    onFor: anyData,
    parameters: [
      probability(1),
      amount('sigma', 'Strength', 0.1, 3, 'σ', 'Normal, in standard deviations of the band.'),
    ],
  },
  bandDropout: {
    id: 'bandDropout',
    label: 'Band dropout',
    help: 'Sets whole bands to their mean, so that the encoder does not lean on one. Never the last one left.',
    stage: 'normalised',
    validFor: anyData,
    onFor: anyData,
    parameters: [
      probability(0.3),
      {
        id: 'bands',
        label: 'Bands',
        kind: 'integer',
        default: 1,
        min: 1,
        max: 100,
        step: 1,
        unit: '',
        help: 'Dropped at a time.',
      },
    ],
  },
  bandGroupDropout: {
    id: 'bandGroupDropout',
    label: 'Band-group dropout',
    help: 'Sets a run of neighbouring bands to their mean. For hyperspectral scenes, whose neighbours repeat each other.',
    stage: 'normalised',
    validFor: ['optical'],
    onFor: [],
    parameters: [probability(0.3), amount('share', 'Share', 0.1, 0.5, 'of the bands', 'Length of the run.')],
  },
  grey: {
    id: 'grey',
    label: 'Grey',
    help: 'Every band becomes the mean of all. Crop identity is spectral: keep it rare.',
    stage: 'normalised',
    validFor: ['optical'],
    onFor: [],
    parameters: [probability(0.1)],
  },
} as const satisfies Record<string, AugmentationCard>;
