/** Is a scene in the units that a model learnt in? Digital numbers where reflectance is meant give maps of nonsense. */
import { must } from '../base/assert.ts';
import { AppError } from '../base/errors.ts';
import type { BandNormalisation, Normalisation } from '../contract/encoder.ts';
import type { RasterReader } from '../raster/types.ts';
import { median } from './median.ts';
import { createPlaces } from './places.ts';
import { samplePixels } from './samplePixels.ts';

/** Ratio of medians that neither season nor place explains: reflectance and its ten thousandfold differ by 10⁴. */
const otherUnits = 50;
/** A median this close to zero, in standard deviations, says nothing by its ratio. */
const nearZero = 0.05;
const squares = 64;

/**
 * Compares medians of a sample of the scene with those that the normalisation was fitted to; `bands` (from 1) stand for
 * the record's. Errors: mismatch when most bands are off by more than a factor of 50; those of reading.
 */
export async function assertSameUnits(
  record: Normalisation,
  reader: Pick<RasterReader, 'info' | 'readWindow'>,
  bands: readonly number[],
): Promise<void> {
  const known = record.bands.map(meaningfulMedian);
  if (known.every((value) => value === null)) return;
  const { path, width, height } = reader.info;
  const side = Math.min(16, width, height);
  const places = createPlaces([{ name: path, width, height, regions: [] }], { side, seed: 0 });
  const sample = await samplePixels([reader], [bands], places, undefined, squares);
  if (sample.count === 0) return;
  const compared = known.flatMap((learnt, i) => {
    const found = median(must(sample.bands[i], 'band'));
    return learnt === null || found === 0 ? [] : [{ i, learnt, found, ratio: Math.abs(found / learnt) }];
  });
  const off = compared.filter(({ ratio }) => ratio > otherUnits || ratio < 1 / otherUnits);
  const [first] = off;
  if (!first || 2 * off.length <= compared.length) return;
  const name = record.bands[first.i]?.name ?? `band ${first.i + 1}`;
  throw new AppError(
    'mismatch',
    `The scene is in other units than the model learnt: the median of ${name} is ${short(first.found)} here and was ${short(first.learnt)}`,
    {
      subject: path,
      remedy:
        'Remove the scene and add it again with its sensor (--sensor), or with the scale and offset that make it like the scenes of the model (--scale 0.0001 makes reflectance of Sentinel-2 numbers); or pretrain and train on this scene.',
    },
  );
}

function meaningfulMedian({ median: value, std, transform }: BandNormalisation): number | null {
  if (value === undefined || value === 0) return null;
  if (transform.kind === 'cross' || transform.kind === 'asinh') return null;
  const isFar = transform.kind === 'log' || Math.abs(value) >= nearZero * std;
  return isFar ? value : null;
}

const short = (value: number) => String(Number(value.toPrecision(3)));
