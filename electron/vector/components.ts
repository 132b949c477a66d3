import { must } from '../base/assert.ts';

export interface Components {
  /** Component of each pixel, from 1; 0 where `values` is `skip`. Row-major. */
  readonly labels: Int32Array;
  /** Value and size of component i at index i; index 0 is unused. */
  readonly values: Int32Array;
  readonly pixels: Int32Array;
  readonly count: number;
}

/** 4-connected components of equal values: one pass with union-find over pixels, one to number the roots in scan order. */
export function findComponents(
  values: ArrayLike<number>,
  width: number,
  height: number,
  skip: number | null,
): Components {
  const n = width * height;
  const parent = new Int32Array(n);
  for (let row = 0, i = 0; row < height; row++) {
    for (let col = 0; col < width; col++, i++) {
      const value = values[i];
      const left = col > 0 && values[i - 1] === value;
      const up = row > 0 && values[i - width] === value;
      parent[i] = left ? find(parent, i - 1) : i;
      if (up) join(parent, i, i - width);
    }
  }
  const labels = new Int32Array(n);
  const sizes: number[] = [0];
  const kinds: number[] = [0];
  for (let i = 0; i < n; i++) {
    const value = values[i] as number;
    if (value === skip) continue;
    // Roots are the first pixel of their component in scan order, so they are numbered before their members.
    const root = find(parent, i);
    if (root === i) {
      labels[i] = sizes.length;
      sizes.push(0);
      kinds.push(value);
    }
    const label = labels[root] as number;
    labels[i] = label;
    sizes[label] = must(sizes[label], 'component') + 1;
  }
  return { labels, values: Int32Array.from(kinds), pixels: Int32Array.from(sizes), count: sizes.length - 1 };
}

function find(parent: Int32Array, start: number): number {
  let i = start;
  while (parent[i] !== i) {
    const next = parent[parent[i] as number] as number;
    parent[i] = next;
    i = next;
  }
  return i;
}

function join(parent: Int32Array, a: number, b: number): void {
  const ra = find(parent, a);
  const rb = find(parent, b);
  if (ra < rb) parent[rb] = ra;
  else if (rb < ra) parent[ra] = rb;
}
