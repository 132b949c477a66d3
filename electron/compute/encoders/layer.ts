/**
 * An encoder is a list of layers, written as data. Weights, receptive field, halo, stride, FLOPs and the forward pass
 * are all derived from the list, so that none can disagree with another.
 */
export interface Conv {
  readonly kind: 'conv';
  readonly name: string;
  /** Odd. */
  readonly kernel: number;
  readonly stride: number;
  readonly out: number;
  /** Followed by batch normalisation. No layer has a bias of its own: beta is one, and the last needs none. */
  readonly norm: boolean;
  readonly relu: boolean;
}

/** `relu(main(x) + skip(x))`; without `skip`, x itself. */
export interface Residual {
  readonly kind: 'residual';
  readonly name: string;
  readonly main: readonly Conv[];
  readonly skip: Conv | null;
}

/** Convolutions along the wavelength, each pixel by itself; then the responses become channels. */
export interface Spectrum {
  readonly kind: 'spectrum';
  readonly name: string;
  readonly convs: readonly Conv[];
}

export type Layer = Conv | Residual | Spectrum;

/** A convolution with its place in the list. */
export interface Placed {
  readonly conv: Conv;
  /** Path of its weights: `stage2/0/a`. */
  readonly path: string;
  /** Channels that it reads. */
  readonly in: number;
  /** Input pixels per output pixel. */
  readonly stride: number;
  /** Positions along the spectrum that it writes; 0 for a convolution over space. */
  readonly wavelengths: number;
  /** The last of a residual branch. */
  readonly closes: boolean;
}

/** Length of an axis after a convolution padded by (kernel − 1) / 2. */
export const strided = (length: number, stride: number): number => Math.ceil(length / stride);

/** Every convolution of the list in a fixed order, and the channels that come out at the end. */
export function place(layers: readonly Layer[], bands: number): { placed: Placed[]; out: number } {
  const placed: Placed[] = [];
  let channels = bands;
  let stride = 1;
  for (const layer of layers) {
    if (layer.kind === 'conv') {
      stride *= layer.stride;
      placed.push({ conv: layer, path: layer.name, in: channels, stride, wavelengths: 0, closes: false });
      channels = layer.out;
    } else if (layer.kind === 'residual') {
      const from = channels;
      layer.main.forEach((conv, i) => {
        stride *= conv.stride;
        const closes = i === layer.main.length - 1;
        placed.push({
          conv,
          path: `${layer.name}/${conv.name}`,
          in: channels,
          stride,
          wavelengths: 0,
          closes,
        });
        channels = conv.out;
      });
      const skip = layer.skip;
      const path = `${layer.name}/${skip?.name}`;
      if (skip) placed.push({ conv: skip, path, in: from, stride, wavelengths: 0, closes: false });
    } else {
      let wavelengths = channels;
      let depth = 1;
      for (const conv of layer.convs) {
        wavelengths = strided(wavelengths, conv.stride);
        const path = `${layer.name}/${conv.name}`;
        placed.push({ conv, path, in: depth, stride, wavelengths, closes: false });
        depth = conv.out;
      }
      channels = wavelengths * depth;
    }
  }
  return { placed, out: channels };
}
