import type { MapExtra } from '../contract/run.ts';
import { temper } from './accuracy/calibration.ts';
import type { Novelty } from './novelty.ts';

/** Layers of a block, [height · width] each; 0 always means "nothing said". */
export type BlockLayers = Readonly<Record<'class' | 'confidence' | MapExtra, Uint8Array<ArrayBuffer>>>;

/** Values of the layer `unlike`. */
const [like, unlike] = [1, 2];

/**
 * Classes and what is known of their certainty. `p` [n, K] is calibrated in place. Confidence is the probability of the
 * chosen class in percent, at least 1; entropy is in percent of that of a guess among all classes, plus 1. What is not in
 * `wanted` stays 0.
 */
export function classify(
  p: Float32Array,
  places: Float32Array | null,
  valid: Uint8Array,
  {
    classes,
    temperature,
  }: { readonly classes: readonly { readonly code: number }[]; readonly temperature: number },
  novelty: Novelty | null,
  wanted: ReadonlySet<MapExtra>,
): BlockLayers {
  const k = classes.length;
  temper(p, k, temperature);
  const layer = () => new Uint8Array(valid.length);
  const out = {
    class: layer(),
    confidence: layer(),
    'runner-up': layer(),
    entropy: layer(),
    unlike: layer(),
  };
  for (let i = 0; i < valid.length; i++) {
    if (!valid[i]) continue;
    let [best, second] = [0, -1];
    for (let c = 1; c < k; c++) {
      const v = p[i * k + c] as number;
      if (v > (p[i * k + best] as number)) {
        second = best;
        best = c;
      } else if (second < 0 || v > (p[i * k + second] as number)) second = c;
    }
    out.class[i] = classes[best]?.code ?? 0;
    out.confidence[i] = Math.min(100, Math.max(1, Math.round(100 * (p[i * k + best] as number))));
    out['runner-up'][i] = classes[second]?.code ?? 0;
    if (wanted.has('entropy')) out.entropy[i] = 1 + Math.round(100 * relativeEntropy(p, i * k, k));
    if (novelty && places)
      out.unlike[i] = novelty.distance(places, i * novelty.dim) > novelty.limit ? unlike : like;
  }
  return out;
}

/** −Σ p log p / log K of a row: 0 when sure, 1 when guessing. */
export function relativeEntropy(p: Float32Array, at: number, k: number): number {
  let sum = 0;
  for (let c = 0; c < k; c++) {
    const v = p[at + c] as number;
    if (v > 0) sum -= v * Math.log(v);
  }
  return Math.min(1, sum / Math.log(k));
}

/** softmax(logits + b) of each row; `logits` [n, K] is overwritten. */
export function softmaxRows(logits: Float32Array, b: Float32Array): Float32Array {
  const k = b.length;
  for (let i = 0; i < logits.length; i += k) {
    let most = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      const z = (logits[i + c] as number) + (b[c] as number);
      logits[i + c] = z;
      if (z > most) most = z;
    }
    let sum = 0;
    for (let c = 0; c < k; c++) {
      const e = Math.exp((logits[i + c] as number) - most);
      logits[i + c] = e;
      sum += e;
    }
    for (let c = 0; c < k; c++) logits[i + c] = (logits[i + c] as number) / sum;
  }
  return logits;
}
