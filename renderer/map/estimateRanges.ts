import type { Range } from '../state/stretch.ts';

/**
 * The 2nd to the 98th percentile of each channel of one tile [n × 4], transparent pixels left out: a first stretch
 * while the statistics are still being measured. A scene is never shown black.
 */
export function estimateRanges(tile: Float32Array): [Range, Range, Range] {
  const range = (channel: number): Range => {
    const values: number[] = [];
    for (let i = 0; i < tile.length; i += 4) {
      const value = tile[i + channel];
      if (tile[i + 3] && value !== undefined && Number.isFinite(value)) values.push(value);
    }
    const sorted = Float32Array.from(values).sort();
    const low = sorted[Math.floor(sorted.length * 0.02)] ?? 0;
    const high = sorted[Math.floor(sorted.length * 0.98)] ?? 1;
    return high > low ? [low, high] : [low - 0.5, low + 0.5];
  };
  return [range(0), range(1), range(2)];
}
