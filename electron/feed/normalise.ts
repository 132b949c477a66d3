/**
 * Normalisation: a transform, a mean and a standard deviation per band, fitted to a sample once and stored with the
 * encoder. Pretraining, head training and maps all go through `applyNormalisation`, so that a model never sees a
 * scene in other units than it learnt in.
 */
import { assert, must } from '../base/assert.ts';
import { AppError } from '../base/errors.ts';
import type { BandNormalisation, Normalisation } from '../contract/encoder.ts';
import type { RasterInfo, WindowPixels } from '../raster/types.ts';
import { chooseTransforms, type PixelSample } from './chooseTransforms.ts';
import { median } from './median.ts';
import { transformBand } from './transforms.ts';

/**
 * Fits a normalisation to sampled valid pixels of the bands of `info`, in the units that `info` states as applied.
 * Errors: bad-input when there is not one valid pixel.
 */
export function fitNormalisation(
  sample: PixelSample,
  info: RasterInfo,
  { sensor, robust = false }: { sensor: string | null; robust?: boolean },
): Normalisation {
  if (sample.count === 0) {
    throw new AppError('bad-input', 'No valid pixel was found to normalise the bands with', {
      subject: info.path,
      remedy: 'Choose a region that is not nodata, or check the nodata value of the file.',
    });
  }
  assert(sample.bands.length === info.bands.length, 'The sample has other bands than the raster');
  const transforms = chooseTransforms(sample, sensor);
  const bands = info.bands.map((band, index): BandNormalisation => {
    const values = new Float32Array(sample.count);
    transformBand(transforms, index, sample.bands, values);
    const { mean, std } = robust ? medianAndSpread(values) : meanAndStd(values);
    return {
      name: band.name,
      wavelengthNm: band.wavelengthNm,
      transform: must(transforms[index], 'transform'),
      mean,
      // A constant band carries nothing: it becomes 0 instead of a division by zero.
      std: std > 1e-12 * Math.max(1, Math.abs(mean)) ? std : 1,
      scale: band.scale,
      offset: band.offset,
      median: median(must(sample.bands[index], 'band')),
    };
  });
  return { version: 1, sensor, bands, robust, samples: sample.count };
}

/**
 * The pixels, normalised and interleaved: [height, width, bands]. Pixels that are not valid are 0, the mean of every
 * band. `pixels` holds the record's bands in its order (`matchBands` says which to read).
 */
export function applyNormalisation(
  record: Normalisation,
  pixels: WindowPixels,
  out: Float32Array = new Float32Array(pixels.width * pixels.height * record.bands.length),
): Float32Array {
  const channels = record.bands.length;
  const count = pixels.width * pixels.height;
  assert(
    pixels.bands.length === channels && out.length >= count * channels,
    () => `${pixels.bands.length} bands given for a normalisation of ${channels}`,
  );
  const transforms = record.bands.map((band) => band.transform);
  for (let b = 0; b < channels; b++) {
    const { mean, std } = must(record.bands[b], 'band');
    const inverse = 1 / std;
    transformBand(transforms, b, pixels.bands, out, { start: b, step: channels });
    for (let i = b; i < count * channels; i += channels) out[i] = ((out[i] as number) - mean) * inverse;
  }
  for (let i = 0; i < count; i++) {
    if (!pixels.valid[i]) out.fill(0, i * channels, (i + 1) * channels);
  }
  return out;
}

/** A list of bands by name: a normalisation, or the facts of a raster. */
export interface NamedBands {
  readonly bands: readonly { readonly name: string | null }[];
}

/**
 * Which bands of a raster (from 1) stand for the record's bands, in the record's order: by name where all names are
 * found, by position where the counts agree. Errors: mismatch, with both lists and the way out.
 */
export function matchBands(record: NamedBands, info: RasterInfo): number[] {
  const wanted = record.bands.map((band) => band.name);
  const found = info.bands.map((band) => band.name);
  const byName = wanted.map((name) => (name === null ? -1 : found.indexOf(name)));
  if (byName.every((position) => position >= 0) && new Set(byName).size === byName.length)
    return byName.map((position) => position + 1);
  if (wanted.length === found.length) return info.bands.map((band) => band.index);
  const list = (names: readonly (string | null)[]) =>
    names.some((name) => name !== null) ? ` (${names.map((name) => name ?? '?').join(', ')})` : '';
  throw new AppError(
    'mismatch',
    `The model was trained on ${wanted.length} bands${list(wanted)}, the scene has ${found.length}${list(found)}`,
    {
      subject: info.path,
      remedy:
        'Choose a scene of the same sensor, or add this one again with the bands of the model in their order (swath scene add --bands 4,3,2), or pretrain on this scene.',
    },
  );
}

function meanAndStd(values: Float32Array): { mean: number; std: number } {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, std: Math.sqrt(squares / values.length) };
}

/** 1.4826 · MAD estimates the standard deviation of a normal distribution; where it is 0 the ordinary one stands in. */
function medianAndSpread(values: Float32Array): { mean: number; std: number } {
  const mean = median(values);
  const spread = 1.4826 * median(values.map((value) => Math.abs(value - mean)));
  return { mean, std: spread > 0 ? spread : meanAndStd(values).std };
}
