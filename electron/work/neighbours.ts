/** Gathers differences between neighbouring pixels' features, block by block: what a frame is measured from. */
import type { Window } from '../raster/types.ts';
import type { BlockFeatures } from './features.ts';
import type { Neighbours } from './heads/frame.ts';

/** Pairs that are kept, about: many more than features. */
const pairs = 8192;

/** Columns of the features that belong together, and how far apart two pixels must be to share nothing in them. */
export interface Part {
  readonly from: number;
  readonly size: number;
  readonly apart: number;
}

export interface NeighbourSampler {
  /** A block's features, and the part of it that lies in the scene. */
  add(features: BlockFeatures, blockWidth: number, inside: Window): void;
  read(): Neighbours;
}

/** `area`: pixels of all blocks together. Which pairs are taken follows from their place in the scene alone. */
export function sampleNeighbours({ from, size, apart }: Part, dim: number, area: number): NeighbourSampler {
  const every = Math.max(1, Math.ceil(Math.sqrt((2 * area) / pairs)));
  const differences: Float32Array[] = [];
  const sum = new Float64Array(size);
  const squares = new Float64Array(size);
  let seen = 0;
  return {
    add({ values, valid }, blockWidth, inside) {
      const first = (at: number) => (every - (at % every)) % every;
      for (let y = first(inside.row); y < inside.height; y += every) {
        for (let x = first(inside.col); x < inside.width; x += every) {
          const here = y * blockWidth + x;
          if (!valid[here]) continue;
          const a = values.subarray(here * dim + from, here * dim + from + size);
          seen++;
          for (let j = 0; j < size; j++) {
            sum[j] = (sum[j] as number) + (a[j] as number);
            squares[j] = (squares[j] as number) + (a[j] as number) ** 2;
          }
          for (const [right, down] of [
            [apart, 0],
            [0, apart],
          ] as const) {
            const there = (y + down) * blockWidth + x + right;
            if (x + right >= inside.width || y + down >= inside.height || !valid[there]) continue;
            differences.push(a.map((v, j) => v - (values[there * dim + from + j] as number)));
          }
        }
      }
    },
    read() {
      const all = new Float32Array(differences.length * size);
      for (const [i, difference] of differences.entries()) all.set(difference, i * size);
      const mean = sum.map((v) => v / Math.max(1, seen));
      const std = squares.map((v, j) =>
        Math.sqrt(Math.max(0, v / Math.max(1, seen) - (mean[j] as number) ** 2)),
      );
      return { differences: all, mean, std };
    },
  };
}
