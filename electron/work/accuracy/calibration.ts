/**
 * Calibrated probabilities: one temperature for all classes, as in Guo et al. (2017), "On calibration of modern neural
 * networks": p ∝ p^(1/T). It changes no decision, only how sure the model says it is. T minimises the cross-entropy on
 * pixels of held-out fields; that it helps is judged on fields which it was not fitted on.
 */
import { assert } from '../../base/assert.ts';
import type { Calibration, ReliabilityBin } from '../../contract/run.ts';

/** Answers of one model about pixels of fields that it never saw. */
export interface HeldOutAnswers {
  readonly classes: number;
  /** [n, classes] */
  readonly p: Float32Array;
  /** Index of the true class, or −1 when the model does not know it. */
  readonly truth: Int32Array;
  /** Field of each row. */
  readonly field: Int32Array;
}

const binCount = 15;
const lowest = 0.2;
const highest = 20;
/** Below it the probability of the true class counts as this: the votes of few neighbours are often exactly 0. */
const floor = 1e-6;
/** Parts that the fields are dealt into to judge a temperature on others than it was fitted on. */
const parts = 5;

/** Rows p^(1/T), divided by their sum, in place. */
export function temper(p: Float32Array, classes: number, temperature: number): Float32Array {
  assert(temperature > 0, `a temperature of ${temperature}`);
  if (temperature === 1) return p;
  for (let i = 0; i < p.length; i += classes) {
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const value = (p[i + c] as number) ** (1 / temperature);
      p[i + c] = value;
      sum += value;
    }
    for (let c = 0; c < classes; c++) p[i + c] = (p[i + c] as number) / sum;
  }
  return p;
}

type Wanted = (field: number) => boolean;

/** Mean cross-entropy at a temperature over the rows of wanted fields whose class is known. */
function crossEntropy(answers: readonly HeldOutAnswers[], wanted: Wanted, temperature: number): number {
  let sum = 0;
  let n = 0;
  for (const { classes, p, truth, field } of answers) {
    for (let i = 0; i < truth.length; i++) {
      const own = truth[i] as number;
      if (own < 0 || !wanted(field[i] as number)) continue;
      let total = 0;
      for (let c = 0; c < classes; c++) total += (p[i * classes + c] as number) ** (1 / temperature);
      sum -= Math.log(Math.max(floor, (p[i * classes + own] as number) ** (1 / temperature) / total));
      n++;
    }
  }
  return n > 0 ? sum / n : 0;
}

/** Golden section over log T: the cross-entropy is convex in 1/T, so it has one valley. */
export function fitTemperature(answers: readonly HeldOutAnswers[], wanted: Wanted = () => true): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  const loss = (t: number) => crossEntropy(answers, wanted, Math.exp(t));
  let [a, b] = [Math.log(lowest), Math.log(highest)];
  let [left, right] = [b - ratio * (b - a), a + ratio * (b - a)];
  let [low, high] = [loss(left), loss(right)];
  while (b - a > 0.01) {
    if (low <= high) {
      [b, right, high] = [right, left, low];
      left = b - ratio * (b - a);
      low = loss(left);
    } else {
      [a, left, low] = [left, right, high];
      right = a + ratio * (b - a);
      high = loss(right);
    }
  }
  return Math.exp((a + b) / 2);
}

class Bins {
  private readonly count = new Float64Array(binCount);
  private readonly right = new Float64Array(binCount);
  private readonly said = new Float64Array(binCount);

  /** Adds the wanted rows as they would be said at a temperature. */
  add({ classes, p, truth, field }: HeldOutAnswers, wanted: Wanted, temperature: number): void {
    for (let i = 0; i < truth.length; i++) {
      if (!wanted(field[i] as number)) continue;
      const row = temper(p.slice(i * classes, (i + 1) * classes), classes, temperature);
      let best = 0;
      for (let c = 1; c < classes; c++) if ((row[c] as number) > (row[best] as number)) best = c;
      const sure = row[best] as number;
      const bin = Math.min(binCount - 1, Math.floor(sure * binCount));
      this.count[bin] = (this.count[bin] as number) + 1;
      this.said[bin] = (this.said[bin] as number) + sure;
      if (best === truth[i]) this.right[bin] = (this.right[bin] as number) + 1;
    }
  }

  /** Σ_bins share · |accuracy − confidence|. */
  error(): number {
    const n = this.count.reduce((a, b) => a + b, 0);
    return this.count.reduce(
      (sum, _, i) => sum + Math.abs((this.right[i] as number) - (this.said[i] as number)) / n,
      0,
    );
  }

  list(): ReliabilityBin[] {
    return Array.from(this.count, (count, i) => ({
      from: i / binCount,
      to: (i + 1) / binCount,
      count,
      confidence: count > 0 ? (this.said[i] as number) / count : null,
      accuracy: count > 0 ? (this.right[i] as number) / count : null,
    }));
  }
}

/**
 * Fits the temperature and measures what it is worth: expected calibration error (15 equal bins) before and after, the
 * latter with temperatures that were fitted on other fields. A temperature that does not help there is not used.
 * null when fewer than two fields were asked.
 */
export function calibrate(answers: readonly HeldOutAnswers[]): Calibration | null {
  const fields = [...new Set(answers.flatMap((a) => [...new Set(a.field)]))].sort((a, b) => a - b);
  if (fields.length < 2) return null;
  const groups = Math.min(parts, fields.length);
  const partOf = new Map(fields.map((field, i) => [field, i % groups]));
  const before = new Bins();
  const after = new Bins();
  for (let part = 0; part < groups; part++) {
    const inside: Wanted = (field) => partOf.get(field) === part;
    const fitted = fitTemperature(answers, (field) => !inside(field));
    for (const some of answers) {
      before.add(some, inside, 1);
      after.add(some, inside, fitted);
    }
  }
  const helps = after.error() < before.error();
  const kept = helps ? after : before;
  return {
    temperature: helps ? fitTemperature(answers) : 1,
    fields: fields.length,
    error: { before: before.error(), after: kept.error() },
    bins: { before: before.list(), after: kept.list() },
  };
}
