/** `--from`: a run that begins with the weights of another, on its bands or on others. */
import { AppError } from '../base/errors.ts';
import { buildEncoder } from '../compute/encoders/encoder.ts';
import { mapBands } from '../compute/methods/adoptEncoder.ts';
import type { Arrays } from '../compute/step.ts';
import type { BandNormalisation, Normalisation } from '../contract/encoder.ts';
import { readEncoderFile } from './encoderFile.ts';
import type { PretrainPlan } from './pretrainPlan.ts';

export interface Started {
  readonly normalisation: Normalisation;
  readonly weights: Arrays;
  /** What was assumed about the bands. */
  readonly notices: readonly string[];
}

/** Two bands within this distance are taken for the same. */
const nearNm = 40;

/**
 * With the same bands the earlier normalisation is kept, so that values mean what they meant. With other bands the new
 * one counts, and each band takes the weights of the old one of its name or nearest wavelength; bands that neither side
 * names follow in order. `fromBands` (old bands from 1, 0 for none) overrules all that.
 * Errors: those of reading; mismatch when encoder or size differ, or when no band is known; usage for a wrong `fromBands`.
 */
export function startFrom(
  file: string,
  { plan, normalisation }: { plan: PretrainPlan; normalisation: Normalisation },
  fromBands?: readonly number[],
): Started {
  const { record, weights } = readEncoderFile(file);
  if (record.encoder !== plan.encoder) {
    throw new AppError(
      'mismatch',
      `The earlier run trained the encoder ${record.encoder}, not ${plan.encoder}`,
      {
        subject: file,
        remedy: `Continue with --encoder ${record.encoder}.`,
      },
    );
  }
  const old = record.normalisation;
  const { from, inOrder } = fromBands
    ? { from: statedBands(fromBands, old, normalisation), inOrder: false }
    : guessedBands(old, normalisation);
  const same = from.length === old.bands.length && from.every((band, i) => band === i);
  if (same) return { normalisation: old, weights, notices: [] };
  if (from.every((band) => band === null)) {
    throw new AppError(
      'mismatch',
      `None of the ${from.length} bands has the name or wavelength of one of the ${old.bands.length} that the encoder knows`,
      {
        subject: file,
        remedy:
          'Say which earlier band each band continues (--from-bands 1,2,0: 0 for none), name the bands as in the earlier scenes, or pretrain anew.',
      },
    );
  }
  const encoder = buildEncoder(plan.encoder, from.length, plan.encoderValues);
  const list = from.map((band) => (band === null ? 'none' : band + 1)).join(', ');
  const how = inOrder ? 'The bands have no names and were taken in order: they' : 'The bands';
  return {
    normalisation,
    weights: mapBands(encoder, weights, from),
    notices: [
      `${how} continue the bands ${list} of the earlier encoder. --from-bands ${list.replaceAll('none', '0').replaceAll(' ', '')} says so yourself.`,
    ],
  };
}

/** By name or wavelength; in order where no band of one side has either. */
function guessedBands(old: Normalisation, next: Normalisation) {
  const isKnown = ({ name, wavelengthNm }: BandNormalisation) => name !== null || wavelengthNm !== null;
  const inOrder = !old.bands.some(isKnown) || !next.bands.some(isKnown);
  const from = next.bands.map((band, i) =>
    inOrder ? (i < old.bands.length ? i : null) : findBand(old, band),
  );
  return { from, inOrder };
}

function statedBands(stated: readonly number[], old: Normalisation, next: Normalisation): (number | null)[] {
  const [known, wanted] = [old.bands.length, next.bands.length];
  if (stated.length === wanted && stated.every((band) => band <= known))
    return stated.map((band) => (band === 0 ? null : band - 1));
  throw new AppError('usage', `--from-bands ${stated.join(',')} does not fit ${wanted} bands`, {
    subject: 'fromBands',
    remedy: `Give ${wanted} numbers from 1 to ${known}, or 0 for a band that the earlier encoder has not seen.`,
  });
}

function findBand(old: Normalisation, band: Normalisation['bands'][number]): number | null {
  const named = old.bands.findIndex((other) => other.name !== null && other.name === band.name);
  if (named >= 0) return named;
  const wavelength = band.wavelengthNm;
  if (wavelength === null) return null;
  const distances = old.bands.map((other) =>
    other.wavelengthNm === null ? Number.POSITIVE_INFINITY : Math.abs(other.wavelengthNm - wavelength),
  );
  const nearest = Math.min(...distances);
  return nearest <= nearNm ? distances.indexOf(nearest) : null;
}
