import { describe, expect, it } from 'vitest';
import { designSchema } from '../../electron/contract/guidance.ts';
import { designSample, sampleSize } from '../../electron/services/samplingDesign.ts';
import { codeOf } from '../support/codeOf.ts';

/** Olofsson et al. (2014), section 5: areas in pixels, and the user's accuracies they expect. */
const areas = [200_000, 150_000, 3_200_000, 6_450_000];
const users = [0.7, 0.6, 0.9, 0.95];
const classes = areas.map((pixels, i) => ({ code: i + 1, name: `class ${i + 1}`, pixels }));
const params = (changes: object) => designSchema.parse({ map: 'm', ...changes });

describe('a sampling design', () => {
  it('has the size of the worked example of Olofsson et al.', () => {
    expect(
      sampleSize(
        areas.map((pixels, i) => ({ pixels, users: users[i] ?? 0 })),
        0.01,
      ),
    ).toBe(641);
  });
  it('gives rare classes their least and the rest in proportion', () => {
    const expected = Object.fromEntries(users.map((u, i) => [i + 1, u]));
    const design = designSample(classes, params({ expected, least: 75 }));
    expect(design.wanted).toBe(641);
    expect(design.strata.map((s) => s.count)).toEqual([75, 75, 205, 413]);
    expect(design.total).toBe(768);
  });
  it('never asks for more points than a class has pixels, and leaves empty classes out', () => {
    const some = [
      { code: 1, name: 'a', pixels: 12 },
      { code: 2, name: 'b', pixels: 0 },
      { code: 3, name: 'c', pixels: 5_000 },
    ];
    const design = designSample(some, params({ least: 50 }));
    expect(design.strata.map((s) => s.code)).toEqual([1, 3]);
    expect(design.strata[0]?.count).toBe(12);
    expect(codeOf(() => designSample([], params({})))).toBe('bad-input');
  });
});
