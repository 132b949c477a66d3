/** `--from`: a run that begins with the weights of another, on its bands or on others. */
import { AppError } from '../base/errors.ts';
import { buildEncoder } from '../compute/encoders/encoder.ts';
import { mapBands } from '../compute/methods/adoptEncoder.ts';
import type { Arrays } from '../compute/step.ts';
import type { Normalisation } from '../contract/encoder.ts';
import { readEncoderFile } from './encoderFile.ts';
import type { PretrainPlan } from './pretrainPlan.ts';

export interface Started {
  readonly normalisation: Normalisation;
  readonly weights: Arrays;
}

/** Two bands within this distance are taken for the same. */
const nearNm = 40;

/**
 * With the same bands the earlier normalisation is kept, so that values mean what they meant. With other bands the new
 * one counts, and each band takes the weights of the old one of its name or nearest wavelength.
 * Errors: those of reading; mismatch when encoder or size differ, or when no band is known.
 */
export function startFrom(
  file: string,
  { plan, normalisation }: { plan: PretrainPlan; normalisation: Normalisation },
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
  const from = normalisation.bands.map((band) => findBand(old, band));
  const sameCount = from.length === old.bands.length;
  const unnamed = normalisation.bands.every((band, i) => band.name === null || old.bands[i]?.name === null);
  if (sameCount && (unnamed || from.every((band, i) => band === i))) return { normalisation: old, weights };
  if (from.every((band) => band === null)) {
    throw new AppError(
      'mismatch',
      `None of the ${from.length} bands has the name or wavelength of one of the ${old.bands.length} that the encoder knows`,
      { subject: file, remedy: 'Name the bands as in the earlier scenes, or pretrain anew.' },
    );
  }
  const encoder = buildEncoder(plan.encoder, from.length, plan.encoderValues);
  return { normalisation, weights: mapBands(encoder, weights, from) };
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
