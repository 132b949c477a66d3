/** Groups of rows that lie close together: candidates for classes before there is any label. */
import { assert } from '../../base/assert.ts';
import { prngFrom } from '../../base/prng.ts';

const rounds = 50;

/**
 * Centres [k, d] of the rows of x [n, d]: Lloyd's algorithm from k-means++ seeding (Arthur and Vassilvitskii 2007). Ordered
 * by size, the largest first.
 */
export function kmeans(x: Float32Array, n: number, d: number, k: number, seed: number): Float32Array {
  assert(n >= k && k > 0 && x.length >= n * d, `${k} groups of ${n} rows`);
  let centres = seeded(x, n, d, k, seed);
  const own = new Int32Array(n).fill(-1);
  const size = new Float64Array(k);
  for (let round = 0; round < rounds; round++) {
    let moved = 0;
    const sums = new Float64Array(k * d);
    size.fill(0);
    for (let i = 0; i < n; i++) {
      const c = nearestCentre(x, i * d, centres, d);
      if (own[i] !== c) moved++;
      own[i] = c;
      size[c] = (size[c] as number) + 1;
      for (let j = 0; j < d; j++) sums[c * d + j] = (sums[c * d + j] as number) + (x[i * d + j] as number);
    }
    // A group that lost all its rows stays where it was.
    centres = centres.map((v, at) => {
      const count = size[Math.floor(at / d)] as number;
      return count > 0 ? (sums[at] as number) / count : v;
    });
    if (moved === 0) break;
  }
  const order = [...size.keys()].sort((a, b) => (size[b] as number) - (size[a] as number));
  return Float32Array.from(
    { length: k * d },
    (_, at) => centres[(order[Math.floor(at / d)] as number) * d + (at % d)] as number,
  );
}

/** Index of the centre nearest to the `d` values of x from `at`. */
export function nearestCentre(x: Float32Array, at: number, centres: Float32Array, d: number): number {
  let best = 0;
  let nearest = Number.POSITIVE_INFINITY;
  for (let c = 0; c * d < centres.length; c++) {
    const squares = squaresBetween(x, at, centres, c * d, d);
    if (squares < nearest) [best, nearest] = [c, squares];
  }
  return best;
}

function squaresBetween(a: Float32Array, from: number, b: Float32Array, at: number, d: number): number {
  let squares = 0;
  for (let j = 0; j < d; j++) squares += ((a[from + j] as number) - (b[at + j] as number)) ** 2;
  return squares;
}

/** Rows far from each other: each next one with a chance that grows with its squared distance to those before. */
function seeded(x: Float32Array, n: number, d: number, k: number, seed: number): Float32Array {
  const prng = prngFrom(seed, 'kmeans');
  const centres = new Float32Array(k * d);
  const distance = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  let next = prng.integer(n);
  for (let c = 0; c < k; c++) {
    centres.set(x.subarray(next * d, (next + 1) * d), c * d);
    let total = 0;
    for (let i = 0; i < n; i++) {
      distance[i] = Math.min(distance[i] as number, squaresBetween(x, i * d, centres, c * d, d));
      total += distance[i] as number;
    }
    let rest = prng.uniform() * total;
    next = 0;
    while (next < n - 1 && rest >= (distance[next] as number)) rest -= distance[next++] as number;
  }
  return centres;
}
