/**
 * Which fields teach and which are asked: the few-label protocol. Splits are by field, never by pixel, because pixels of
 * one field resemble each other more than the class. Everything follows from the seed.
 */
import { prngFrom, shuffle } from '../base/prng.ts';
import type { Role } from '../contract/labels.ts';

/** A field under this many pixels may teach, but says too little to be asked. */
export const minFieldPixels = 50;
/** Folds of the cross-validation over fields, at most. */
export const maxFolds = 5;

export interface LabelledField {
  readonly id: string;
  readonly classCode: number;
  readonly role: Role;
  /** Valid pixels inside it. */
  readonly pixels: number;
}

/** One fit and the fields it is then asked about. Both are indices into the list of fields. */
export interface Fold {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

export interface SplitPlan {
  /** What the figure is made on; empty when it cannot be made. */
  readonly folds: readonly Fold[];
  /** What the model that is kept learns from. */
  readonly fit: readonly number[];
  /** Test fields that the kept model never saw; empty when the estimate comes from cross-validation. */
  readonly heldOut: readonly number[];
  /** How the fields were divided, in one sentence. */
  readonly words: string;
  /** Why there is no figure, or what it leaves out. */
  readonly note: string | null;
}

/** Groups indices by class, in ascending order of code, so that the order of the input classes changes nothing. */
function byClass(fields: readonly LabelledField[], indices: readonly number[]): [number, number[]][] {
  const groups = Map.groupBy(indices, (i) => fields[i]?.classCode ?? 0);
  return [...groups].sort(([a], [b]) => a - b);
}

/** The fields that count in an estimate: those of at least `minFieldPixels`, or all when none is that large. */
export function countedFields(fields: readonly LabelledField[], indices: readonly number[]): number[] {
  const large = indices.filter((i) => (fields[i]?.pixels ?? 0) >= minFieldPixels);
  return large.length > 0 ? large : indices.filter((i) => (fields[i]?.pixels ?? 0) > 0);
}

/**
 * Half of each class's fields (rounded down, at least one) to training, the rest to test, shuffled by the seed. Classes
 * with a single field are left out.
 */
export function splitHalves(
  fields: readonly LabelledField[],
  seed: number,
  candidates: readonly number[] = fields.map((_, i) => i),
): Fold & { readonly leftOut: readonly number[] } {
  const train: number[] = [];
  const test: number[] = [];
  const leftOut: number[] = [];
  for (const [code, members] of byClass(fields, countedFields(fields, candidates))) {
    if (members.length < 2) {
      leftOut.push(code);
      continue;
    }
    const order = shuffle([...members], prngFrom(seed, 'field split', code));
    const half = Math.max(1, Math.floor(members.length / 2));
    train.push(...order.slice(0, half));
    test.push(...order.slice(half));
  }
  return { train, test, leftOut };
}

/**
 * Stratified folds over fields: each class's fields are shuffled and dealt out. Classes with a single field, and fields
 * too small to be asked, only teach.
 */
export function foldsByField(
  fields: readonly LabelledField[],
  seed: number,
  candidates: readonly number[],
): { folds: Fold[]; leftOut: number[] } {
  const groups = byClass(fields, countedFields(fields, candidates));
  const leftOut = groups.filter(([, members]) => members.length < 2).map(([code]) => code);
  const usable = groups.filter(([, members]) => members.length >= 2);
  const most = Math.max(0, ...usable.map(([, members]) => members.length));
  const k = Math.min(maxFolds, most);
  if (usable.length < 2 || k < 2) return { folds: [], leftOut };
  const parts: number[][] = Array.from({ length: k }, () => []);
  for (const [code, members] of usable) {
    const order = shuffle([...members], prngFrom(seed, 'folds', code));
    // Classes with fewer fields than folds start where the seed says, so that the first folds are not always the full ones.
    const start = prngFrom(seed, 'first fold', code).integer(k);
    order.forEach((field, i) => {
      parts[(start + i) % k]?.push(field);
    });
  }
  // What is never asked still teaches: the answers that it draws to itself are errors that the kept model makes too.
  const asked = new Set(parts.flat());
  const onlyTeach = candidates.filter((field) => !asked.has(field) && (fields[field]?.pixels ?? 0) > 0);
  const all = [...parts.flat(), ...onlyTeach];
  const folds = parts
    .filter((part) => part.length > 0)
    .map((test) => ({ train: all.filter((field) => !test.includes(field)), test }));
  return { folds, leftOut };
}

const listCodes = (codes: readonly number[]) => codes.join(', ');

/** Decides folds, fit and held-out fields for a training. `perClass`: labelled pixels per class, or null for all. */
export function planSplit(
  fields: readonly LabelledField[],
  perClass: number | null,
  seed: number,
): SplitPlan {
  const of = (role: Role) =>
    fields.flatMap((field, i) => (field.role === role && field.pixels > 0 ? [i] : []));
  const teachers = of('train');
  const asked = of('validation');
  if (asked.length > 0) return planWithValidation(fields, teachers, asked);
  if (perClass === null) return planCrossValidation(fields, teachers, seed);

  const { train, test } = splitHalves(fields, seed, teachers);
  const inEstimate = new Set(train.map((i) => fields[i]?.classCode));
  const leftOut = [...new Set(teachers.map((i) => fields[i]?.classCode ?? 0))]
    .filter((code) => !inEstimate.has(code))
    .sort((a, b) => a - b);
  if (inEstimate.size < 2) return noEstimate(teachers, leftOut);
  // A class that cannot be asked about could only draw answers away from the others: the figure would no longer be that
  // of the protocol, or no longer that of the model. So it is left out of both, and the note says how to keep it.
  return {
    folds: [{ train, test }],
    fit: train,
    heldOut: test,
    words: `Half of each class's fields of at least ${minFieldPixels} pixels (rounded down, at least one, chosen by the seed) teach; all pixels of the other fields are asked. Classes with a single field neither teach nor are asked. The figure is that of the model that is kept.`,
    note:
      leftOut.length > 0
        ? `Classes with a single field are neither in the model nor in the estimate (codes ${listCodes(leftOut)}). To have them on the map, label a second field of each, or train without a number of labels per class.`
        : null,
  };
}

function planWithValidation(
  fields: readonly LabelledField[],
  teachers: readonly number[],
  asked: readonly number[],
): SplitPlan {
  const known = new Set(teachers.map((i) => fields[i]?.classCode));
  const test = countedFields(fields, asked).filter((i) => known.has(fields[i]?.classCode));
  const unknown = [...new Set(asked.map((i) => fields[i]?.classCode ?? 0))].filter(
    (code) => !known.has(code),
  );
  return {
    folds: test.length > 0 ? [{ train: teachers, test }] : [],
    fit: teachers,
    heldOut: test,
    words:
      'Fields with the role “train” teach; all pixels of the fields with the role “validation” are asked.',
    note:
      unknown.length > 0
        ? `Validation fields of classes without a training field are not in the estimate (codes ${listCodes(unknown)}).`
        : null,
  };
}

function planCrossValidation(
  fields: readonly LabelledField[],
  teachers: readonly number[],
  seed: number,
): SplitPlan {
  const { folds, leftOut } = foldsByField(fields, seed, teachers);
  if (folds.length === 0) return noEstimate(teachers, leftOut);
  return {
    folds,
    fit: teachers,
    heldOut: [],
    words: `Cross-validation over fields in ${folds.length} folds: each field is asked once, by a model that never saw it. Classes with a single field only teach: what is mistaken for them counts as wrong. The model that is kept learns from all fields.`,
    note:
      leftOut.length > 0
        ? `Classes with a single field teach but are never asked (codes ${listCodes(leftOut)}); label a second field of each.`
        : null,
  };
}

function noEstimate(teachers: readonly number[], leftOut: readonly number[]): SplitPlan {
  return {
    folds: [],
    fit: teachers,
    heldOut: [],
    words: 'All labelled fields teach; none could be held out.',
    note: `Too few fields for an estimate: it needs at least two fields in each of at least two classes${leftOut.length > 0 ? ` (a single field: codes ${listCodes(leftOut)})` : ''}.`,
  };
}
