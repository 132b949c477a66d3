import { describe, expect, it } from 'vitest';
import { prngFrom } from '../../../electron/base/prng.ts';
import {
  calibrate,
  fitTemperature,
  type HeldOutAnswers,
  temper,
} from '../../../electron/work/accuracy/calibration.ts';
import { expectClose } from '../../support/expectClose.ts';

const classes = 4;

function softmax(z: readonly number[]): number[] {
  const e = z.map((v) => Math.exp(v - Math.max(...z)));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((v) => v / sum);
}

/** Classes drawn from softmax(z); the head says softmax(z · boast): its right temperature is `boast`. */
function boaster(boast: number, fields = 12, perField = 400): HeldOutAnswers {
  const prng = prngFrom(5, Math.round(100 * boast));
  const n = fields * perField;
  const p = new Float32Array(n * classes);
  const truth = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const z = Array.from({ length: classes }, () => 1.5 * prng.normal());
    const real = softmax(z);
    const u = prng.uniform();
    let sum = 0;
    const upTo = real.map((share) => {
      sum += share;
      return sum;
    });
    truth[i] = Math.min(classes - 1, upTo.filter((limit) => limit <= u).length);
    p.set(softmax(z.map((v) => boast * v)), i * classes);
  }
  return { classes, p, truth, field: Int32Array.from({ length: n }, (_, i) => Math.floor(i / perField)) };
}

describe('the temperature', () => {
  it.each([0.5, 1, 3, 6])('of a head whose logits are %s times too large is that number', (boast) => {
    expect(Math.abs(fitTemperature([boaster(boast)]) / boast - 1)).toBeLessThan(0.08);
  });
  it('divides logits: p^(1/T), no decision changed', () => {
    const z = [2, -1, 0.5, 0.1];
    const p = temper(Float32Array.from(softmax(z)), classes, 2.5);
    expectClose(p, softmax(z.map((v) => v / 2.5)), { rel: 1e-5 });
    expect(p.indexOf(Math.max(...p))).toBe(0);
  });
});

describe('the calibration error', () => {
  it('is that of a bin when all answers fall into one', () => {
    // All say .9 and 3 of 4 are right, in every field.
    const n = 80;
    const p = Float32Array.from({ length: 2 * n }, (_, i) => (i % 2 === 0 ? 0.9 : 0.1));
    const answers = {
      classes: 2,
      p,
      truth: Int32Array.from({ length: n }, (_, i) => (i % 4 === 0 ? 1 : 0)),
      field: Int32Array.from({ length: n }, (_, i) => Math.floor(i / 8)),
    };
    const found = calibrate([answers]);
    expect(found?.error.before).toBeCloseTo(0.15, 5);
    expect(found?.error.after).toBeLessThan(0.01);
    expect(found?.bins.before[13]).toMatchObject({ count: n, accuracy: 0.75 });
  });
  it('at least halves on fields that the temperature was not fitted on', () => {
    const found = calibrate([boaster(3)]);
    expect(found?.error.before).toBeGreaterThan(0.1);
    expect(found?.error.after).toBeLessThan(0.5 * (found?.error.before ?? 0));
    expect(found?.fields).toBe(12);
  });
  it('keeps 1 where a temperature does not help, and says nothing about a single field', () => {
    const honest = calibrate([boaster(1)]);
    expect(honest?.error.after).toBeLessThanOrEqual(honest?.error.before ?? 0);
    expect(calibrate([boaster(3, 1)])).toBeNull();
  });
});
