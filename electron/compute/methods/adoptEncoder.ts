/** Weights from another run: checked, and fitted to other bands. */
import { must } from '../../base/assert.ts';
import { AppError } from '../../base/errors.ts';
import type { Encoder } from '../encoders/encoder.ts';
import type { Arrays, NdArray } from '../step.ts';

/** Parameters and statistics of `encoder` found in `given`. Throws AppError `mismatch` naming the first that does not fit. */
export function adoptEncoder(encoder: Encoder, given: Arrays): Arrays {
  const adopted: Record<string, NdArray> = {};
  for (const [name, shape] of Object.entries({ ...encoder.parameters, ...encoder.statistics })) {
    const array = given[name];
    if (!array || array.shape.join() !== shape.join()) {
      const found = array ? `[${array.shape.join(', ')}]` : 'nothing';
      throw new AppError(
        'mismatch',
        `The encoder needs ${name} as [${shape.join(', ')}] and found ${found}`,
        {
          subject: name,
          remedy:
            'Use the same encoder, width and bands as the earlier run, or map its bands onto the new ones.',
        },
      );
    }
    adopted[name] = { shape, data: array.data.slice() };
  }
  return adopted;
}

/**
 * Weights fitted to other bands: `from[i]` is the old band that new band i stands for, or null for a band the encoder
 * has never seen, which starts as the mean of all. The first convolution is then rescaled so that the sum over bands,
 * and with it the scale of what follows, stays as it was. Throws AppError `unsupported` for the spectral encoder.
 */
export function mapBands(encoder: Encoder, given: Arrays, from: readonly (number | null)[]): Arrays {
  if (encoder.id === 'spectral') {
    throw new AppError(
      'unsupported',
      'A spectral encoder reads wavelengths in order; its bands cannot be remapped',
      {
        subject: encoder.id,
        remedy: 'Choose a scene with the same bands, or pretrain anew.',
      },
    );
  }
  // The first convolution is the only one that reads bands.
  const name = must(Object.keys(encoder.parameters)[0], 'first weight');
  const first = must(given[name], name);
  const [height = 1, width = 1, bands = 1, out = 1] = first.shape;
  const data = new Float32Array(height * width * from.length * out);
  for (let tap = 0; tap < height * width; tap++) {
    for (let o = 0; o < out; o++) {
      const old = Array.from({ length: bands }, (_, b) => first.data[(tap * bands + b) * out + o] ?? 0);
      const mean = old.reduce((a, b) => a + b, 0) / bands;
      const fresh = from.map((band) =>
        band === null ? mean : must(old[band], `band ${band} of the encoder`),
      );
      fresh.forEach((value, b) => {
        data[(tap * from.length + b) * out + o] = (value * bands) / from.length;
      });
    }
  }
  return { ...given, [name]: { shape: [height, width, from.length, out], data } };
}
