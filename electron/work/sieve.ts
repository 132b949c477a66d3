/**
 * The smallest unit of a map: patches (4-connected, one class) of fewer pixels take the class of their largest neighbour,
 * as `gdal_sieve` does. A patch whose largest neighbour is too small itself stays, and 0 (nothing said) is no neighbour.
 */

/** The sieved codes [height · width]. */
export function sieve(
  codes: Uint8Array,
  width: number,
  height: number,
  least: number,
): Uint8Array<ArrayBuffer> {
  const patch = label(codes, width, height);
  const size = new Uint32Array(codes.length);
  for (const p of patch) size[p] = (size[p] as number) + 1;
  const largest = new Int32Array(codes.length).fill(-1);
  const meet = (i: number, j: number) => {
    const [a, b] = [patch[i] as number, patch[j] as number];
    if (a === b || !codes[i] || !codes[j]) return;
    if ((largest[a] as number) < 0 || (size[b] as number) > (size[largest[a] as number] as number))
      largest[a] = b;
    if ((largest[b] as number) < 0 || (size[a] as number) > (size[largest[b] as number] as number))
      largest[b] = a;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (x + 1 < width) meet(i, i + 1);
      if (y + 1 < height) meet(i, i + width);
    }
  }
  return Uint8Array.from(codes, (code, i) => {
    const own = patch[i] as number;
    const other = largest[own] as number;
    if (!code || (size[own] as number) >= least || other < 0 || (size[other] as number) < least) return code;
    return codes[other] as number;
  });
}

/** Each pixel's patch, named by one of its pixels: union and find with path halving. */
function label(codes: Uint8Array, width: number, height: number): Uint32Array {
  const parent = Uint32Array.from(codes, (_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (parent[at] !== at) {
      const up = parent[parent[at] as number] as number;
      parent[at] = up;
      at = up;
    }
    return at;
  };
  const join = (i: number, j: number) => {
    if (codes[i] !== codes[j]) return;
    const [a, b] = [find(i), find(j)];
    parent[Math.max(a, b)] = Math.min(a, b);
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (x + 1 < width) join(i, i + 1);
      if (y + 1 < height) join(i, i + width);
    }
  }
  for (let i = 0; i < parent.length; i++) parent[i] = find(i);
  return parent;
}
