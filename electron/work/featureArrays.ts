/** Rearrangements of per-pixel vectors, row-major, used by `features.ts`. */
import { must } from '../base/assert.ts';

/** w [scales · inner, outputs] → [inner, scales · outputs], so that one product serves all scales. */
export function stackScales(
  { w, outputs }: { readonly w: Float32Array; readonly outputs: number },
  inner: number,
  scales: number,
) {
  const out = new Float32Array(w.length);
  for (let s = 0; s < scales; s++) {
    for (let d = 0; d < inner; d++) {
      const from = (s * inner + d) * outputs;
      out.set(w.subarray(from, from + outputs), (d * scales + s) * outputs);
    }
  }
  return { w: out, outputs: outputs * scales };
}

export function project(
  values: Float32Array,
  inner: number,
  { w, outputs }: { readonly w: Float32Array; readonly outputs: number },
): Float32Array {
  const n = values.length / inner;
  const out = new Float32Array(n * outputs);
  for (let i = 0; i < n; i++) {
    for (let d = 0; d < inner; d++) {
      const v = values[i * inner + d] as number;
      for (let k = 0; k < outputs; k++) {
        out[i * outputs + k] = (out[i * outputs + k] as number) + v * (w[d * outputs + k] as number);
      }
    }
  }
  return out;
}

/** With a projection each scale has columns of its own; without one all scales average the same values. */
export function columnsOf(
  values: Float32Array,
  dim: number,
  scales: number,
  s: number,
  projected: boolean,
): Float32Array {
  if (!projected || scales === 1) return values;
  const own = dim / scales;
  const n = values.length / dim;
  const out = new Float32Array(n * own);
  for (let i = 0; i < n; i++) out.set(values.subarray(i * dim + s * own, i * dim + (s + 1) * own), i * own);
  return out;
}

export function sumOf(parts: readonly Float32Array[]): Float32Array {
  const [first, ...rest] = parts;
  const out = must(first, 'scale');
  for (const other of rest)
    for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + (other[i] as number);
  return out;
}

export function interleave(parts: readonly Float32Array[], dim: number): Float32Array {
  if (parts.length === 1) return must(parts[0], 'scale');
  const n = must(parts[0], 'scale').length / dim;
  const out = new Float32Array(n * dim * parts.length);
  for (let i = 0; i < n; i++) {
    parts.forEach((values, s) => {
      out.set(values.subarray(i * dim, (i + 1) * dim), (i * parts.length + s) * dim);
    });
  }
  return out;
}

/** Rows `from` to `to` of w [features, outputs]. */
export function rowsOfProjection(
  { w, outputs }: { readonly w: Float32Array; readonly outputs: number },
  from: number,
  to: number,
) {
  return { w: w.subarray(from * outputs, to * outputs), outputs };
}

/** [n, aDim] and [n, bDim] → [n, aDim + bDim]. */
export function sideBySide(a: Float32Array, aDim: number, b: Float32Array, bDim: number): Float32Array {
  const n = a.length / aDim;
  const dim = aDim + bDim;
  const out = new Float32Array(n * dim);
  for (let i = 0; i < n; i++) {
    out.set(a.subarray(i * aDim, (i + 1) * aDim), i * dim);
    out.set(b.subarray(i * bDim, (i + 1) * bDim), i * dim + aDim);
  }
  return out;
}

export function withSquares(values: Float32Array, channels: number): Float32Array {
  const n = values.length / channels;
  const out = new Float32Array(2 * values.length);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < channels; c++) {
      const v = values[i * channels + c] as number;
      out[2 * i * channels + c] = v;
      out[(2 * i + 1) * channels + c] = v * v;
    }
  }
  return out;
}

/** [mean x, mean x²] → [mean, standard deviation], in place. */
export function meanAndStd(values: Float32Array, channels: number): Float32Array {
  for (let i = 0; i < values.length; i += 2 * channels) {
    for (let c = 0; c < channels; c++) {
      const mean = values[i + c] as number;
      values[i + channels + c] = Math.sqrt(Math.max(0, (values[i + channels + c] as number) - mean * mean));
    }
  }
  return values;
}

/** A mask without its outer `by` pixels. */
export function cropMask(mask: Uint8Array, width: number, height: number, by: number): Uint8Array {
  if (by === 0) return mask;
  const inner = width - 2 * by;
  const out = new Uint8Array(inner * (height - 2 * by));
  for (let y = 0; y < height - 2 * by; y++) {
    const from = (y + by) * width + by;
    out.set(mask.subarray(from, from + inner), y * inner);
  }
  return out;
}
