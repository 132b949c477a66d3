/** From counts to the answer of an assessment: which estimator applies, and what must be said beside the figures. */
import { AppError } from '../../base/errors.ts';
import type { AssessJob } from '../../contract/jobs.ts';
import type { AssessResult, ClassAccuracy } from '../../contract/run.ts';
import {
  type Confusion,
  classScores,
  columnTotals,
  type PairCounter,
  rowTotals,
  scores,
  total,
} from './confusion.ts';
import { type StratifiedEstimates, sampleOfConfusion, stratifiedEstimates, z95 } from './stratified.ts';

export interface Summary {
  readonly result: AssessResult;
  readonly intervals: {
    readonly oa: number | null;
    readonly users: readonly (number | null)[];
    readonly producers: readonly (number | null)[];
  } | null;
  readonly notes: readonly string[];
}

/**
 * With a probability sample (strata = map classes) all figures are weighted by the mapped areas and carry intervals.
 * Without one they are plain shares of the reference pixels; the area is then the mapped area corrected by the
 * confusion matrix, an indication without an interval. A mapped class that the reference never met counts as mapped.
 * Errors: bad-input when no labelled pixel lies on the map.
 */
export function summarise(
  counts: { readonly pairs: PairCounter; readonly mapped: Float64Array; readonly unmapped: number },
  job: Pick<
    AssessJob,
    'assessment' | 'mapFile' | 'protocol' | 'probabilitySample' | 'classes' | 'reportFile'
  >,
  hectares: number | null,
): Summary {
  const mappedCodes = [...counts.mapped.keys()].filter((code) => code > 0 && (counts.mapped[code] ?? 0) > 0);
  const confusion = counts.pairs.table(mappedCodes);
  const pixels = total(confusion);
  if (pixels === 0) {
    throw new AppError('bad-input', 'No labelled reference pixel lies on a classified pixel of the map', {
      subject: job.mapFile,
      remedy: 'Check that map and reference show the same place and that the reference has codes above 0.',
    });
  }
  const { codes } = confusion;
  const sizes = new Map(codes.map((code) => [code, counts.mapped[code] ?? 0]));
  const estimates = areaEstimates(confusion, sizes);
  const scale = hectares ?? 1;
  const plain = scores(confusion);
  const perClass = classScores(confusion);
  const reference = columnTotals(confusion);
  const unmet = codes.filter((code, i) => (sizes.get(code) ?? 0) > 0 && rowTotals(confusion)[i] === 0);
  const sampled = job.probabilitySample;
  // With a whole stratum unseen no interval of a total is honest.
  const half = (se: number | null | undefined) =>
    sampled && se !== null && se !== undefined ? z95 * se : null;
  const whole = [...sizes.values()].reduce((a, b) => a + b, 0);

  const classes = codes.map((code, i): ClassAccuracy => {
    const estimate = estimates.classes[i];
    const score = perClass[i];
    const shareHalf = unmet.length > 0 ? null : half(estimate?.share.se);
    return {
      code,
      name: job.classes.find((c) => c.code === code)?.name ?? `class ${code}`,
      users: score?.users ?? null,
      producers: sampled ? (estimate?.producers?.value ?? null) : (score?.producers ?? null),
      f1: sampled ? (estimate?.f1?.value ?? score?.f1 ?? null) : (score?.f1 ?? null),
      area: (estimate?.share.value ?? 0) * whole * scale,
      areaCi: shareHalf === null ? null : shareHalf * whole * scale,
      mappedArea: (sizes.get(code) ?? 0) * scale,
      reference: reference[i] ?? 0,
    };
  });
  const notes = [
    ...(counts.unmapped > 0
      ? [
          `${counts.unmapped.toLocaleString('en')} labelled pixels lie where the map says nothing; they are left out.`,
        ]
      : []),
    ...(unmet.length > 0
      ? [
          `The reference has no pixel that the map calls ${unmet
            .map((code) => classes.find((c) => c.code === code)?.name)
            .join(', ')}: their area is taken as mapped.`,
        ]
      : []),
    ...(codes.some((_, i) => reference[i] === 0)
      ? ['Macro F1 is the mean over the classes that occur in the reference.']
      : []),
    ...(sampled
      ? ['Kappa is computed from the counts, without area weights.']
      : [
          'Pixels of one field resemble each other: the number of independent observations is nearer to the number of fields than of pixels.',
        ]),
  ];
  return {
    result: {
      assessment: job.assessment,
      oa: sampled ? estimates.oa.value : plain.oa,
      kappa: plain.kappa,
      macroF1: sampled
        ? mean(classes.flatMap((c) => (c.reference === 0 || c.f1 === null ? [] : [c.f1])))
        : plain.macroF1,
      classes,
      areaUnit: hectares === null ? 'pixels' : 'ha',
      confusion: confusion.counts,
      codes,
      kind: sampled ? 'map accuracy' : 'transfer estimate',
      protocol: job.protocol,
      pixels,
      report: job.reportFile,
    },
    intervals: sampled
      ? {
          oa: unmet.length > 0 ? null : half(estimates.oa.se),
          users: estimates.classes.map((c) => half(c.users?.se)),
          producers: estimates.classes.map((c) => (unmet.length > 0 ? null : half(c.producers?.se))),
        }
      : null,
    notes,
  };
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Stratified by map class; a stratum that the reference never met stands in as one unit that is as mapped. */
function areaEstimates(confusion: Confusion, sizes: ReadonlyMap<number, number>): StratifiedEstimates {
  const sample = sampleOfConfusion(confusion);
  const met = new Set(sample.map((unit) => unit.stratum));
  const asMapped = [...sizes].flatMap(([code, size]) =>
    size > 0 && !met.has(code) ? [{ stratum: code, map: code, reference: code, count: 1 }] : [],
  );
  return stratifiedEstimates([...sample, ...asMapped], sizes, confusion.codes);
}
