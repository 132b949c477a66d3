/** The encoders as lists of layers. A new one is a list here, a card in the catalogue, and nothing else. */

import { encoderCard } from '../../contract/catalog/encoders.ts';
import type { EncoderId } from '../../contract/catalog/ids.ts';
import { type ParameterValues, resolveParameters } from '../../contract/catalog/parameters.ts';
import type { Conv, Layer, Residual } from './layer.ts';

interface ConvOptions {
  readonly stride?: number;
  readonly norm?: boolean;
  readonly relu?: boolean;
}
function conv(name: string, kernel: number, out: number, options: ConvOptions = {}): Conv {
  const { stride = 1, norm = true, relu = true } = options;
  return { kind: 'conv', name, kernel, stride, out, norm, relu };
}
/** The last layer of the small encoders: plain features, positive and negative. What reads them cancels any bias. */
const features = (out: number): Conv => conv('features', 1, out, { norm: false, relu: false });

/** 3×3 convolutions at full resolution, then a 1×1: every feature belongs to its pixel. */
function dense(width: number, layers: number, dimension: number): Layer[] {
  const body = Array.from({ length: layers }, (_, i) => conv(`conv${i + 1}`, 3, width));
  return [...body, features(dimension)];
}

/**
 * ResNet-18 (He et al. 2016) with the stem for small images: 3×3, stride 1, no pooling. Two blocks per stage; stages 2
 * to 4 halve the resolution and double the width.
 */
function resnet18(width: number): Layer[] {
  const blocks = [1, 2, 3, 4].flatMap((stage) =>
    [0, 1].map((i): Residual => {
      const out = width * 2 ** (stage - 1);
      const stride = i === 0 && stage > 1 ? 2 : 1;
      return {
        kind: 'residual',
        name: `stage${stage}/${i}`,
        main: [conv('a', 3, out, { stride }), conv('b', 3, out, { relu: false })],
        skip: stride > 1 ? conv('skip', 1, out, { stride, relu: false }) : null,
      };
    }),
  );
  return [conv('stem', 3, width), ...blocks];
}

/**
 * Three strided convolutions read the spectrum of each pixel: 8 contiguous responses, then broader ones; a 1×1 weighs
 * them, two 3×3 add the neighbourhood. The strides keep a 200-band pixel at 8 × 50 numbers in its largest layer.
 */
function spectral(width: number, dimension: number): Layer[] {
  return [
    {
      kind: 'spectrum',
      name: 'spectrum',
      convs: [
        conv('conv1', 7, 8, { stride: 4 }),
        conv('conv2', 5, 16, { stride: 2 }),
        conv('conv3', 5, 32, { stride: 2 }),
      ],
    },
    conv('mix', 1, width),
    conv('space1', 3, width),
    conv('space2', 3, width),
    features(dimension),
  ];
}

const architectures = {
  dense: (v) => dense(Number(v.width), Number(v.layers), Number(v.dimension)),
  resnet18: (v) => resnet18(Number(v.width)),
  spectral: (v) => spectral(Number(v.width), Number(v.dimension)),
} as const satisfies Record<EncoderId, (values: ParameterValues) => Layer[]>;

/** The layers for the catalogue's parameters, defaults filled in. Throws AppError `usage` for a value that is not allowed. */
export function layersOf(id: EncoderId, values: ParameterValues): Layer[] {
  const card = encoderCard(id);
  return architectures[id](resolveParameters(card.name, card.parameters, values));
}
