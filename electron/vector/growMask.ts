/**
 * The 4-connected area of alike pixels around a seed as a mask of 0 and 1: single pixels that stick out or are missing
 * are smoothed away (a pixel goes with the majority of its 3 × 3 neighbours), enclosed holes of up to `largestHole` of
 * the area are filled, and only the part with the seed is kept.
 */
const largestHole = 0.02;

export function growMask(
  grid: { readonly width: number; readonly height: number; readonly valid: Uint8Array },
  seed: number,
  isAlike: (i: number) => boolean,
): Uint8Array {
  const { width, height, valid } = grid;
  const reached = flood(width, height, seed, (i) => valid[i] === 1 && isAlike(i));
  const smooth = majority(reached, width, height);
  smooth[seed] = 1;
  fillHoles(smooth, width, height);
  return flood(width, height, seed, (i) => smooth[i] === 1 && valid[i] === 1);
}

function flood(width: number, height: number, seed: number, belongs: (i: number) => boolean): Uint8Array {
  const mask = new Uint8Array(width * height);
  const pending = [seed];
  mask[seed] = 1;
  for (let i = pending.pop(); i !== undefined; i = pending.pop()) {
    const col = i % width;
    const next = [
      col > 0 ? i - 1 : -1,
      col < width - 1 ? i + 1 : -1,
      i - width,
      i + width < width * height ? i + width : -1,
    ];
    for (const n of next) {
      if (n < 0 || mask[n] || !belongs(n)) continue;
      mask[n] = 1;
      pending.push(n);
    }
  }
  return mask;
}

function majority(mask: Uint8Array, width: number, height: number): Uint8Array {
  const out = mask.slice();
  for (let row = 1; row < height - 1; row += 1) {
    for (let i = row * width + 1; i < (row + 1) * width - 1; i += 1) {
      let sum = 0;
      for (const r of [i - width, i, i + width]) {
        sum += (mask[r - 1] ?? 0) + (mask[r] ?? 0) + (mask[r + 1] ?? 0);
      }
      out[i] = sum >= 5 ? 1 : 0;
    }
  }
  return out;
}

/** Holes are what is not reached from the border; small ones become part of the area. */
function fillHoles(mask: Uint8Array, width: number, height: number): void {
  const size = mask.reduce((sum, v) => sum + v, 0);
  const seen = mask.slice();
  for (let start = 0; start < seen.length; start += 1) {
    if (seen[start]) continue;
    const hole: number[] = [];
    let open = false;
    const pending = [start];
    seen[start] = 1;
    for (let i = pending.pop(); i !== undefined; i = pending.pop()) {
      hole.push(i);
      const [col, row] = [i % width, Math.floor(i / width)];
      if (col === 0 || row === 0 || col === width - 1 || row === height - 1) open = true;
      for (const n of [col > 0 ? i - 1 : -1, col < width - 1 ? i + 1 : -1, i - width, i + width]) {
        if (n < 0 || n >= seen.length || seen[n]) continue;
        seen[n] = 1;
        pending.push(n);
      }
    }
    if (!open && hole.length <= largestHole * size) for (const i of hole) mask[i] = 1;
  }
}
