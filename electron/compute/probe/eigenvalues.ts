import { assert } from '../../base/assert.ts';

/**
 * Eigenvalues of a symmetric matrix, in descending order: Householder reduction to tridiagonal form, then implicit QL
 * with Wilkinson's shift (Golub and Van Loan, Matrix Computations, 4th ed., 8.3). Values only: 4/3·n³ operations.
 * @param matrix [n, n], row-major; it is overwritten.
 */
export function symmetricEigenvalues(matrix: Float64Array, n: number): Float64Array {
  const { diagonal, beside } = tridiagonalise(matrix, n);
  solveTridiagonal(diagonal, beside, n);
  return diagonal.sort().reverse();
}

function tridiagonalise(a: Float64Array, n: number): { diagonal: Float64Array; beside: Float64Array } {
  const at = (i: number, j: number): number => a[i * n + j] as number;
  const beside = new Float64Array(n);
  const v = new Float64Array(n);
  const p = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    let norm = 0;
    for (let i = k + 1; i < n; i++) norm = Math.hypot(norm, at(i, k));
    if (norm === 0) continue;
    const alpha = at(k + 1, k) > 0 ? -norm : norm;
    let square = 0;
    for (let i = k + 1; i < n; i++) {
      v[i] = at(i, k) - (i === k + 1 ? alpha : 0);
      square += (v[i] as number) ** 2;
    }
    beside[k] = alpha;
    // A ← H·A·H with H = I − 2·v·vᵀ/‖v‖², as A − v·qᵀ − q·vᵀ.
    let vp = 0;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += at(i, j) * (v[j] as number);
      p[i] = (2 * sum) / square;
      vp += (v[i] as number) * (p[i] as number);
    }
    const half = vp / square;
    for (let i = k + 1; i < n; i++) p[i] = (p[i] as number) - half * (v[i] as number);
    for (let i = k + 1; i < n; i++) {
      const vi = v[i] as number;
      const qi = p[i] as number;
      for (let j = k + 1; j < n; j++) a[i * n + j] = at(i, j) - vi * (p[j] as number) - qi * (v[j] as number);
    }
  }
  if (n > 1) beside[n - 2] = at(n - 1, n - 2);
  const diagonal = Float64Array.from({ length: n }, (_, i) => at(i, i));
  return { diagonal, beside };
}

/** In place: `d` becomes the eigenvalues. `e[i]` stands between d[i] and d[i + 1]. */
function solveTridiagonal(d: Float64Array, e: Float64Array, n: number): void {
  // Against the largest entry, not the neighbours: of a matrix without full rank only noise of that size is left.
  const size = d.reduce((most, value, i) => Math.max(most, Math.abs(value) + Math.abs(e[i] ?? 0)), 0);
  for (let low = 0; low < n; low++) {
    for (let iteration = 0; ; iteration++) {
      assert(iteration < 60, 'The eigenvalue iteration did not converge');
      let m = low;
      while (m < n - 1 && Math.abs(e[m] as number) > Number.EPSILON * size) m++;
      if (m === low) break;
      sweep(d, e, low, m);
    }
  }
}

/** One implicit QL step on rows low … m. */
function sweep(d: Float64Array, e: Float64Array, low: number, m: number): void {
  const get = (x: Float64Array, i: number): number => x[i] as number;
  const g0 = (get(d, low + 1) - get(d, low)) / (2 * get(e, low));
  const r0 = Math.hypot(g0, 1);
  let g = get(d, m) - get(d, low) + get(e, low) / (g0 + (g0 >= 0 ? r0 : -r0));
  let s = 1;
  let c = 1;
  let p = 0;
  for (let i = m - 1; i >= low; i--) {
    const f = s * get(e, i);
    const b = c * get(e, i);
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = get(d, i + 1) - p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    const shifted = get(d, i + 1) - p;
    const t = (get(d, i) - shifted) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = shifted + p;
    g = c * t - b;
  }
  d[low] = get(d, low) - p;
  e[low] = g;
  e[m] = 0;
}
