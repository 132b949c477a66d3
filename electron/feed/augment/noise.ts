import { type Prng, prngFrom } from '../../base/prng.ts';
import type { View } from './view.ts';

/** A power of two, so that wrapping is one instruction. */
const tableSize = 1 << 17;

/**
 * Standard normal numbers to draw stretches from. Box and Muller for every value of every view would cost more than
 * all other augmentations together; a view takes a stretch of this table from a random place instead.
 */
export function noiseTable(seed: number): Float32Array {
  const prng = prngFrom(seed, 'noise table');
  return Float32Array.from({ length: tableSize }, () => prng.normal());
}

/** Adds sigma·N(0, 1) to every value. */
export function noise(view: View, prng: Prng, sigma: number, table: Float32Array): void {
  const { pixels, start } = view;
  const count = view.side * view.side * view.bands;
  const from = prng.integer(tableSize);
  for (let i = 0; i < count; i++) {
    const normal = table[(from + i) & (tableSize - 1)] as number;
    pixels[start + i] = (pixels[start + i] as number) + sigma * normal;
  }
}
