/**
 * "Unlike anything labelled": how far a pixel's features lie from the nearest ones that taught. The limit is the 99th
 * percentile of the same distance for the labelled pixels themselves, each with its own field left out, since pixels of
 * one field vouch for each other. Distances are taken along the principal axes of the standardised features.
 */
import { must } from '../base/assert.ts';
import { prngFrom, shuffle } from '../base/prng.ts';
import { principalAxes } from '../compute/probe/principal.ts';
import type { Arrays } from '../compute/step.ts';
import { columnScale, type LabelledRows, pickRows, standardised } from './heads/head.ts';

const axisCount = 16;
/** Labelled pixels that are remembered: a map measures its distance to every one of them. */
const remembered = 400;
const percentile = 0.99;

export interface Novelty {
  /** Axes that distances are taken along. */
  readonly dim: number;
  /** Places = x · w + b for features x as they come: w [d, dim], b [dim]. */
  readonly w: Float32Array;
  readonly b: Float32Array;
  readonly arrays: Arrays;
  readonly limit: number;
  /** Distance of a place (`dim` values from `at`, b not yet added) to the nearest that taught. */
  distance(places: Float32Array, at: number): number;
}

/** null when no class has two fields: then nothing says what distance is usual. */
export function fitNovelty(rows: LabelledRows, seed: number): Novelty | null {
  const order = Array.from({ length: rows.n }, (_, i) => i);
  const some = pickRows(rows, shuffle(order, prngFrom(seed, 'novelty')).slice(0, remembered));
  const { n, d } = some;
  const scale = columnScale(some.x, n, d);
  const q = Math.min(axisCount, d);
  const { axes } = principalAxes(standardised(some.x, d, scale), n, d, q);
  const w = new Float32Array(d * q);
  const b = new Float64Array(q);
  for (let j = 0; j < d; j++) {
    for (let k = 0; k < q; k++) {
      const v = (axes[j * q + k] as number) / (scale.std[j] as number);
      w[j * q + k] = v;
      b[k] = (b[k] as number) - v * (scale.mean[j] as number);
    }
  }
  const bank = places(some.x, n, d, w, Float32Array.from(b));
  const limit = usualDistance(bank, some, q);
  if (limit === null) return null;
  return loadNovelty({
    w: { shape: [d, q], data: w },
    b: { shape: [q], data: Float32Array.from(b) },
    bank: { shape: [n, q], data: bank },
    limit: { shape: [1], data: Float32Array.of(limit) },
  });
}

export function loadNovelty(arrays: Arrays): Novelty {
  const of = (name: string) => must(arrays[name], `${name} of the labelled places`).data;
  const [w, b, bank] = [of('w'), of('b'), of('bank')];
  const dim = b.length;
  return {
    dim,
    w,
    b,
    arrays,
    limit: must(of('limit')[0], 'limit'),
    distance(from, at) {
      const own = Float64Array.from(b, (v, k) => v + (from[at + k] as number));
      let nearest = Number.POSITIVE_INFINITY;
      for (let i = 0; i < bank.length; i += dim) {
        let squares = 0;
        for (let k = 0; k < dim && squares < nearest; k++)
          squares += ((own[k] as number) - (bank[i + k] as number)) ** 2;
        if (squares < nearest) nearest = squares;
      }
      return Math.sqrt(nearest);
    },
  };
}

function usualDistance(bank: Float32Array, { n, y, group }: LabelledRows, q: number): number | null {
  const fieldsOf = Map.groupBy(
    Array.from({ length: n }, (_, i) => i),
    (i) => y[i] as number,
  );
  const alone = new Set(
    [...fieldsOf].flatMap(([label, rows]) => (new Set(rows.map((i) => group[i])).size < 2 ? [label] : [])),
  );
  const distances: number[] = [];
  for (let i = 0; i < n; i++) {
    if (alone.has(y[i] as number)) continue;
    let nearest = Number.POSITIVE_INFINITY;
    for (let j = 0; j < n; j++) {
      if (group[j] === group[i]) continue;
      let squares = 0;
      for (let k = 0; k < q && squares < nearest; k++)
        squares += ((bank[i * q + k] as number) - (bank[j * q + k] as number)) ** 2;
      if (squares < nearest) nearest = squares;
    }
    distances.push(Math.sqrt(nearest));
  }
  distances.sort((a, b) => a - b);
  return distances.length < 2 ? null : (distances[Math.floor(percentile * (distances.length - 1))] ?? null);
}

/** x · w + b */
export function places(
  x: Float32Array,
  n: number,
  d: number,
  w: Float32Array,
  b: Float32Array,
): Float32Array<ArrayBuffer> {
  const q = b.length;
  const out = new Float32Array(n * q);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < q; k++) out[i * q + k] = b[k] as number;
    for (let j = 0; j < d; j++) {
      const v = x[i * d + j] as number;
      for (let k = 0; k < q; k++) out[i * q + k] = (out[i * q + k] as number) + v * (w[j * q + k] as number);
    }
  }
  return out;
}
