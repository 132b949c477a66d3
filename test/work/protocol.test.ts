import { describe, expect, it } from 'vitest';
import type { Role } from '../../electron/contract/labels.ts';
import { foldsByField, type LabelledField, planSplit, splitHalves } from '../../electron/work/protocol.ts';

const field = (id: string, classCode: number, pixels = 100, role: Role = 'train'): LabelledField => ({
  id,
  classCode,
  role,
  pixels,
});
const many = (code: number, count: number, pixels = 100) =>
  Array.from({ length: count }, (_, i) => field(`${code}-${i}`, code, pixels));
/** Classes with 5, 2, 3 and 1 fields. */
const fields = [...many(1, 5), ...many(2, 2), ...many(4, 3), ...many(9, 1)];
const codes = (indices: readonly number[], of = fields) => indices.map((i) => of[i]?.classCode ?? 0).sort();
const ids = (indices: readonly number[], of = fields) => indices.map((i) => of[i]?.id ?? '').sort();

describe('halves of fields', () => {
  it('gives half, rounded down and at least one, to training, and leaves single fields out', () => {
    const { train, test, leftOut } = splitHalves(fields, 0);
    expect(codes(train)).toEqual([1, 1, 2, 4]);
    expect(codes(test)).toEqual([1, 1, 1, 2, 4, 4]);
    expect(leftOut).toEqual([9]);
  });
  it('never has a field on both sides, whatever the seed', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { train, test } = splitHalves(fields, seed);
      expect(train.filter((f) => test.includes(f))).toEqual([]);
    }
  });
  it('follows from the seed alone, and differs between seeds', () => {
    expect(splitHalves(fields, 3)).toEqual(splitHalves(fields, 3));
    const different = new Set(
      Array.from({ length: 10 }, (_, seed) => ids(splitHalves(fields, seed).train).join()),
    );
    expect(different.size).toBeGreaterThan(3);
  });
  it('counts fields of at least 50 pixels only, unless none is that large', () => {
    const mixed = [...many(1, 3), field('small', 1, 49), ...many(2, 2)];
    const { train, test } = splitHalves(mixed, 0);
    expect([...train, ...test].map((i) => mixed[i]?.id)).not.toContain('small');
    const tiny = [...many(1, 2, 9), ...many(2, 2, 4)];
    expect(splitHalves(tiny, 0).test).toHaveLength(2);
  });
});

describe('folds over fields', () => {
  it('asks every field of a class with several exactly once, and never one that teaches', () => {
    const all = fields.map((_, i) => i);
    const { folds, leftOut } = foldsByField(fields, 1, all);
    expect(leftOut).toEqual([9]);
    expect(ids(folds.flatMap((fold) => fold.test))).toEqual(ids(all.slice(0, 10)));
    for (const fold of folds) {
      expect(fold.train.filter((f) => fold.test.includes(f))).toEqual([]);
      // The class with a single field teaches: what is mistaken for it is an error of the kept model too.
      expect(codes(fold.train)).toContain(9);
    }
  });
  it('refuses to estimate from one class', () => {
    expect(foldsByField(many(1, 5), 0, [0, 1, 2, 3, 4]).folds).toEqual([]);
  });
});

describe('the plan of a training', () => {
  it('with labels per class: one fold, held-out fields, single-field classes in neither model nor estimate', () => {
    const plan = planSplit(fields, 10, 0);
    expect(plan.folds).toHaveLength(1);
    expect(plan.heldOut).toEqual(plan.folds[0]?.test);
    expect(codes(plan.fit)).toEqual([1, 1, 2, 4]);
    expect(plan.folds[0]?.train).toBe(plan.fit);
    expect(plan.fit.filter((f) => plan.heldOut.includes(f))).toEqual([]);
    expect(plan.note).toContain('9');
  });
  it('without: cross-validation, and the model that is kept learns from every field', () => {
    const plan = planSplit(fields, null, 0);
    expect(plan.folds.length).toBeGreaterThan(1);
    expect(plan.heldOut).toEqual([]);
    expect(plan.fit).toHaveLength(fields.length);
  });
  it('with validation fields: exactly those are asked', () => {
    const roles = [
      ...many(1, 2),
      ...many(2, 2),
      field('v1', 1, 80, 'validation'),
      field('v2', 2, 80, 'validation'),
    ];
    const plan = planSplit(roles, null, 0);
    expect(ids(plan.heldOut, roles)).toEqual(['v1', 'v2']);
    expect(ids(plan.fit, roles)).toEqual(['1-0', '1-1', '2-0', '2-1']);
  });
  it('never lets an accuracy field teach or be asked', () => {
    const roles = [...many(1, 2), ...many(2, 2), field('secret', 1, 500, 'accuracy')];
    for (const perClass of [null, 5]) {
      const plan = planSplit(roles, perClass, 0);
      const used = [...plan.fit, ...plan.heldOut, ...plan.folds.flatMap((f) => [...f.train, ...f.test])];
      expect(ids(used, roles)).not.toContain('secret');
    }
  });
  it('says why there is no estimate', () => {
    const single = [field('a', 1), field('b', 2)];
    for (const perClass of [null, 5]) {
      const plan = planSplit(single, perClass, 0);
      expect(plan.folds).toEqual([]);
      expect(plan.fit).toEqual([0, 1]);
      expect(plan.note).toMatch(/two fields/);
    }
  });
});
