import { temper } from './accuracy/calibration.ts';
import type { Head } from './heads/head.ts';

/**
 * Codes and confidence of a block. `values` are the features of each pixel, or its logits without bias where the head
 * is linear and was projected. Pixels that are not valid are 0 in both; confidence is the calibrated
 * probability of the chosen class in percent, at least 1, so that 0 always means "nothing said".
 */
export function classify(
  head: Head,
  values: Float32Array,
  valid: Uint8Array,
  classes: readonly { readonly code: number }[],
  temperature: number,
): { codes: Uint8Array<ArrayBuffer>; confidence: Uint8Array<ArrayBuffer> } {
  const k = classes.length;
  const probabilities = head.linear
    ? softmaxRows(values, head.linear.b)
    : head.predict(values, values.length / head.dim);
  temper(probabilities, k, temperature);
  const codes = new Uint8Array(valid.length);
  const confidence = new Uint8Array(valid.length);
  for (let i = 0; i < valid.length; i++) {
    if (!valid[i]) continue;
    let best = 0;
    for (let c = 1; c < k; c++) {
      if ((probabilities[i * k + c] as number) > (probabilities[i * k + best] as number)) best = c;
    }
    codes[i] = classes[best]?.code ?? 0;
    confidence[i] = Math.min(100, Math.max(1, Math.round(100 * (probabilities[i * k + best] as number))));
  }
  return { codes, confidence };
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
