import { describe, expect, it } from 'vitest';
import { must } from '../../../electron/base/assert.ts';
import {
  type Estimate,
  sampleOfConfusion,
  stratifiedEstimates,
  z95,
} from '../../../electron/work/accuracy/stratified.ts';
import { expectClose } from '../../support/expectClose.ts';

const value = (e: Estimate | null) => must(e, 'estimate').value;
const se = (e: Estimate | null) => must(must(e, 'estimate').se, 'standard error');
/** Published to four digits: half a unit of the last one. */
const published = { rel: 0, abs: 5.1e-5 };

describe('Olofsson et al. 2014, table 8 (strata = map classes)', () => {
  const codes = [1, 2, 3, 4];
  const counts = [
    [66, 0, 5, 4],
    [0, 55, 8, 12],
    [1, 0, 153, 11],
    [2, 1, 9, 313],
  ];
  const sizes = new Map([
    [1, 200_000],
    [2, 150_000],
    [3, 3_200_000],
    [4, 6_450_000],
  ]);
  const { oa, classes } = stratifiedEstimates(sampleOfConfusion({ codes, counts }), sizes, codes);

  it('gives the overall accuracy and its interval', () => {
    expectClose([oa.value, z95 * se(oa)], [0.9465, 0.0185], published);
  });
  it("gives user's and producer's accuracies and their intervals", () => {
    expectClose(
      classes.map((c) => value(c.users)),
      [0.88, 0.7333, 0.9273, 0.9631],
      published,
    );
    expectClose(
      classes.map((c) => z95 * se(c.users)),
      [0.074, 0.1008, 0.0397, 0.0205],
      published,
    );
    expectClose(
      classes.map((c) => value(c.producers)),
      [0.7487, 0.8472, 0.9345, 0.9616],
      published,
    );
    expectClose(
      classes.map((c) => z95 * se(c.producers)),
      [0.2133, 0.2544, 0.0343, 0.0184],
      published,
    );
  });
  it('gives the F1 scores and their intervals', () => {
    expectClose(
      classes.map((c) => value(c.f1)),
      [0.809, 0.7861, 0.9309, 0.9623],
      published,
    );
    expectClose(
      classes.map((c) => z95 * se(c.f1)),
      [0.1284, 0.1239, 0.0263, 0.0138],
      published,
    );
  });
  it('gives the areas in hectares (pixels of 900 m²)', () => {
    const hectares = (10_000_000 * 900) / 10_000;
    expectClose(
      classes.map((c) => c.share.value * hectares),
      [21158, 11686, 285770, 581386],
      { rel: 0, abs: 0.51 },
    );
    expectClose(
      classes.map((c) => z95 * se(c.share) * hectares),
      // The last is printed cut off, not rounded.
      [6158, 3756, 15510, 16281],
      { rel: 0, abs: 0.7 },
    );
  });
});

describe('Stehman 2014, numerical example (strata differ from map classes)', () => {
  const rows = (text: string) => text.split('').map((letter) => 'ABCD'.indexOf(letter) + 1);
  const strata = rows('AAAAAAAAAABBBBBBBBBBCCCCCCCCCCDDDDDDDDDD');
  const map = rows('AAAAAAABBBABBBBBBBBBBBCCCCCCBBDDDDDDDDDD');
  const reference = rows('AAAAACBABCABBBBBAABBCCCCCDDBBADDDDDDDCCB');
  const sample = strata.map((stratum, i) => ({
    stratum,
    map: map[i] ?? 0,
    reference: reference[i] ?? 0,
    count: 1,
  }));
  const sizes = new Map([
    [1, 40_000],
    [2, 30_000],
    [3, 20_000],
    [4, 10_000],
  ]);
  const { oa, classes } = stratifiedEstimates(sample, sizes, [1, 2, 3, 4]);
  const exact = { rel: 1e-6, abs: 0 };

  it('gives the overall accuracy', () => expectClose([oa.value, se(oa)], [0.63, 0.08465617], exact));
  it("gives user's accuracies", () => {
    expectClose(
      classes.map((c) => value(c.users)),
      [0.7419355, 0.5744681, 0.5, 0.7],
      exact,
    );
    expectClose(
      classes.map((c) => se(c.users)),
      [0.1645627, 0.1248023, 0.2151657, 0.1527525],
      exact,
    );
  });
  it("gives producer's accuracies", () => {
    expectClose(
      classes.map((c) => value(c.producers)),
      [0.6571429, 0.7941176, 0.3, 0.6363636],
      exact,
    );
    expectClose(
      classes.map((c) => se(c.producers)),
      [0.1477318, 0.1165671, 0.1504438, 0.1623242],
      exact,
    );
  });
  it('gives shares of area', () => {
    expectClose(
      classes.map((c) => c.share.value),
      [0.35, 0.34, 0.2, 0.11],
      exact,
    );
    expectClose(
      classes.map((c) => se(c.share)),
      [0.08225975, 0.07586538, 0.06429101, 0.03073181],
      exact,
    );
  });
});

describe('samples too small to know', () => {
  it('says null, not zero, for a stratum of one unit', () => {
    const sample = [
      { stratum: 1, map: 1, reference: 1, count: 1 },
      { stratum: 2, map: 2, reference: 2, count: 5 },
      { stratum: 2, map: 2, reference: 1, count: 1 },
    ];
    const sizes = new Map([
      [1, 100],
      [2, 100],
    ]);
    const { oa, classes } = stratifiedEstimates(sample, sizes, [1, 2, 3]);
    expect(oa.se).toBeNull();
    expect(classes[0]?.users?.se).toBeNull();
    expect(classes[1]?.users?.se).toBeGreaterThan(0);
    expect(classes[2]?.users).toBeNull();
  });
});
