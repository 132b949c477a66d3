/** How many directions the embeddings use. */
import type { NdArray } from '../step.ts';
import { symmetricEigenvalues } from './eigenvalues.ts';

/** XᵀX or XXᵀ, whichever is smaller: both have the squared singular values of X. */
function gram(x: Float64Array, n: number, d: number): { matrix: Float64Array; size: number } {
  const size = Math.min(n, d);
  const matrix = new Float64Array(size * size);
  // Of the short side's vectors, element t of vector i lies at x[i·step + t·stride].
  const [step, stride, length] = n <= d ? [d, 1, d] : [1, d, n];
  if (stride === 1) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let t = 0; t < length; t++) sum += (x[i * step + t] as number) * (x[j * step + t] as number);
        matrix[i * size + j] = sum;
      }
    }
  } else {
    // Row by row, so that memory is read in order.
    for (let t = 0; t < length; t++) {
      for (let i = 0; i < size; i++) {
        const xi = x[t * d + i] as number;
        for (let j = 0; j <= i; j++) {
          matrix[i * size + j] = (matrix[i * size + j] as number) + xi * (x[t * d + j] as number);
        }
      }
    }
  }
  for (let i = 0; i < size; i++)
    for (let j = i + 1; j < size; j++) matrix[i * size + j] = matrix[j * size + i] as number;
  return { matrix, size };
}

function entropyRank(values: ArrayLike<number>, epsilon: number): number {
  const total = Array.from(values).reduce((a, b) => a + b, 0);
  if (!(total > 0)) return 1;
  const entropy = Array.from(values).reduce((sum, value) => {
    const p = value / total + epsilon;
    return p > 0 ? sum - p * Math.log(p) : sum;
  }, 0);
  return Math.exp(entropy);
}

/**
 * RankMe (Garrido et al. 2023, arXiv 2210.02885): exponential of the entropy of the normalised singular values of the
 * embeddings, not centred. From 1 to min(N, D); compare runs of one method only. @param x [N, D], N > D preferred.
 */
export function rankMe(x: NdArray): number {
  const [n = 0, d = 0] = x.shape;
  const { matrix, size } = gram(Float64Array.from(x.data), n, d);
  const singular = symmetricEigenvalues(matrix, size).map((value) => Math.sqrt(Math.max(0, value)));
  return entropyRank(singular, 1e-7);
}

/** Effective rank (Roy and Vetterli 2007) of the covariance: exponential of the entropy of its eigenvalues. @param x [N, D]. */
export function effectiveRank(x: NdArray): number {
  const [n = 0, d = 0] = x.shape;
  const centred = Float64Array.from(x.data);
  for (let j = 0; j < d; j++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += (centred[i * d + j] as number) / n;
    for (let i = 0; i < n; i++) centred[i * d + j] = (centred[i * d + j] as number) - mean;
  }
  const { matrix, size } = gram(centred, n, d);
  const values = symmetricEigenvalues(matrix, size).map((value) => Math.max(0, value));
  return entropyRank(values, 0);
}
