/** Arithmetic of axis permutations, in ONNX's sense: `Transpose(x, perm).shape[i] = x.shape[perm[i]]`. */
export type Perm = readonly number[];

export const identity = (rank: number): number[] => Array.from({ length: rank }, (_, i) => i);
export const isIdentity = (perm: Perm): boolean => perm.every((p, i) => p === i);
export const samePerm = (a: Perm, b: Perm): boolean => a.length === b.length && a.every((p, i) => p === b[i]);

/** The permutation that undoes `perm`. */
export function inverse(perm: Perm): number[] {
  const result = identity(perm.length);
  perm.forEach((from, to) => {
    result[from] = to;
  });
  return result;
}

/** `Transpose(Transpose(x, first), second) = Transpose(x, compose(first, second))`. */
export const compose = (first: Perm, second: Perm): number[] => second.map((p) => first[p] as number);

export const permute = <T>(items: readonly T[], perm: Perm): T[] => perm.map((p) => items[p] as T);

/** Whether transposing an array of this shape moves only axes of size 1, and so no element. */
export function movesNothing(shape: readonly number[], perm: Perm): boolean {
  const moved = perm.filter((p) => shape[p] !== 1);
  return moved.every((p, i) => i === 0 || p > (moved[i - 1] as number));
}
