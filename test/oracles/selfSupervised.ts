/**
 * The five losses in float64 on plain arrays, written from the formulas of the papers and independent of `electron/`,
 * with golden numbers made by running the authors' formulas in NumPy (float64). Inputs: N = 8, D = 6, K = 16.
 */
export type Rows = number[][];
const N = 8;
const D = 6;
const K = 16;
const table = (rows: number, columns: number, f: (i: number, j: number) => number): Rows =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => f(i, j)));

const dot = (a: number[], b: number[]): number => a.reduce((s, v, i) => s + v * (b[i] ?? 0), 0);

export const z1 = table(N, D, (i, j) => Math.sin(0.7 * i + 1.3 * j + 0.1 * i * j));
export const z2 = table(N, D, (i, j) => (z1[i]?.[j] ?? 0) + 0.3 * Math.cos(1.1 * i - 0.5 * j));
export const p1 = table(N, D, (i, j) => (z1[i]?.[j] ?? 0) + 0.2 * Math.sin(0.9 * j + 0.4 * i));
export const p2 = table(N, D, (i, j) => (z2[i]?.[j] ?? 0) - 0.2 * Math.cos(0.3 * i + 0.8 * j));
/** [K, D], unit rows. */
export const queue = unit(table(K, D, (k, j) => Math.cos(0.5 * k + 1.7 * j + 0.05 * k * j)));

export const golden = {
  simsiam: { loss: -0.938241899, dp1: -0.0057097099 },
  simclr05: { loss: 1.3184162961, dz1: -0.0324513398 },
  simclr01: { loss: 0.0815697119, dz1: -0.0178856599 },
  moco007: { loss: 0.6296326754, dq: -0.0019940259 },
  moco02: { loss: 0.8949118328, dq: -0.051112827 },
  barlow: { loss: 0.0488038343, dz1: -0.0076609255 },
  barlow0005: 0.0479372201,
  barlowWrong: 0.1639070747,
  vicreg: { loss: 8.1175005041, dz1: -0.3373365981 },
  vicregTerms: { invariance: 0.0450848554, variance: 0.2428644108, covariance: 0.9187688491 },
  stdOfUnit: 0.4294014299,
  rankMe: 3.9721928505,
  effectiveRank: 2.7690778413,
  alignment: 0.0806335608,
  uniformity: -2.737160269,
} as const;

const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const columns = (z: Rows): Rows => (z[0] ?? []).map((_, j) => z.map((row) => row[j] ?? 0));
export function unit(z: Rows): Rows {
  return z.map((row) => row.map((v) => v / Math.sqrt(dot(row, row))));
}

export function simsiam(p1: Rows, p2: Rows, z1: Rows, z2: Rows): number {
  const cosine = (a: Rows, b: Rows) => mean(unit(a).map((row, i) => dot(row, unit(b)[i] ?? [])));
  return -0.5 * (cosine(p1, z2) + cosine(p2, z1));
}

/** Mean over 2N of −log softmax over the 2N − 1 others. */
export function ntXent(z1: Rows, z2: Rows, t: number): number {
  const all = unit([...z1, ...z2]);
  const n = z1.length;
  return mean(
    all.map((a, i) => {
      const others = all.map((b, j) => (i === j ? 0 : Math.exp(dot(a, b) / t)));
      const positive = others[(i + n) % (2 * n)] ?? 0;
      return -Math.log(positive / others.reduce((x, y) => x + y, 0));
    }),
  );
}

export function infoNce(q: Rows, k: Rows, negatives: Rows, t: number): number {
  const keys = unit(k);
  return mean(
    unit(q).map((row, i) => {
      const positive = Math.exp(dot(row, keys[i] ?? []) / t);
      return -Math.log(positive / negatives.reduce((s, n) => s + Math.exp(dot(row, n) / t), positive));
    }),
  );
}

export function barlowTwins(z1: Rows, z2: Rows, lambda: number, ddof = 0, epsilon = 1e-5): number {
  const standard = (z: Rows): Rows =>
    columns(z).map((c) => {
      const m = mean(c);
      const variance = c.reduce((s, v) => s + (v - m) ** 2, 0) / (c.length - ddof);
      return c.map((v) => (v - m) / Math.sqrt(variance + epsilon));
    });
  const [a, b] = [standard(z1), standard(z2)];
  let loss = 0;
  a.forEach((x, i) => {
    b.forEach((y, j) => {
      const c = dot(x, y) / x.length;
      loss += i === j ? (c - 1) ** 2 : lambda * c * c;
    });
  });
  return loss;
}

export function vicreg(
  z1: Rows,
  z2: Rows,
): { loss: number } & Record<'invariance' | 'variance' | 'covariance', number> {
  const invariance = mean(z1.flatMap((row, i) => row.map((v, j) => (v - (z2[i]?.[j] ?? 0)) ** 2)));
  const centre = (z: Rows) => columns(z).map((c) => c.map((v) => v - mean(c)));
  const cov = (a: number[], b: number[]) => dot(a, b) / (a.length - 1);
  const hinge = (z: Rows) => mean(centre(z).map((c) => Math.max(0, 1 - Math.sqrt(cov(c, c) + 1e-4))));
  const off = (z: Rows) => {
    const c = centre(z);
    return (
      c.reduce((s, a, i) => s + c.reduce((u, b, j) => (i === j ? u : u + cov(a, b) ** 2), 0), 0) / c.length
    );
  };
  const variance = (hinge(z1) + hinge(z2)) / 2;
  const covariance = off(z1) + off(z2);
  return { invariance, variance, covariance, loss: 25 * invariance + 25 * variance + covariance };
}

/** Central difference of f with respect to z[0][0]. */
export function slope(f: (z: Rows) => number, z: Rows): number {
  const at = (delta: number) => f(z.map((row, i) => row.map((v, j) => (i + j === 0 ? v + delta : v))));
  return (at(1e-5) - at(-1e-5)) / 2e-5;
}
