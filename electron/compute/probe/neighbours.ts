import type { NdArray } from '../step.ts';
import { unitRows } from './sphere.ts';

/**
 * Share of rows whose weighted vote of the `k` most similar other rows names their own class: votes weigh
 * exp(cosine / T) (Wu et al. 2018), T = 0.1. Rows of the same `group` (one field) do not vote for each other, since
 * neighbours in a field would answer any question. Rows with nobody to ask are left out; NaN when none is left.
 * @param x [N, D]. @param labels [N]. @param groups [N].
 */
export function neighbourAccuracy(
  x: NdArray,
  labels: ArrayLike<number>,
  groups: ArrayLike<number>,
  k = 5,
  temperature = 0.1,
): number {
  const [n = 0, d = 0] = x.shape;
  // Centred, so that the cosine is about differences: features behind a ReLU all point one way.
  const unit = unitRows({ shape: x.shape, data: centred(x.data, n, d) });
  let right = 0;
  let asked = 0;
  for (let i = 0; i < n; i++) {
    const nearest: { cosine: number; label: number }[] = [];
    for (let j = 0; j < n; j++) {
      if (groups[j] === groups[i]) continue;
      let cosine = 0;
      for (let t = 0; t < d; t++) cosine += (unit[i * d + t] as number) * (unit[j * d + t] as number);
      if (nearest.length === k && cosine <= (nearest[k - 1]?.cosine ?? 1)) continue;
      const place = nearest.findIndex((other) => other.cosine < cosine);
      nearest.splice(place < 0 ? nearest.length : place, 0, { cosine, label: labels[j] as number });
      if (nearest.length > k) nearest.pop();
    }
    if (nearest.length === 0) continue;
    asked += 1;
    const votes = new Map<number, number>();
    for (const { cosine, label } of nearest)
      votes.set(label, (votes.get(label) ?? 0) + Math.exp(cosine / temperature));
    const winner = [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best));
    if (winner[0] === labels[i]) right += 1;
  }
  return asked === 0 ? Number.NaN : right / asked;
}

function centred(data: Float32Array, n: number, d: number): Float32Array {
  const out = Float32Array.from(data);
  for (let j = 0; j < d; j++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += (data[i * d + j] as number) / n;
    for (let i = 0; i < n; i++) out[i * d + j] = (data[i * d + j] as number) - mean;
  }
  return out;
}
