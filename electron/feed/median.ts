/** The upper median of a list that is not empty. */
export function median(values: Float32Array): number {
  const sorted = values.slice().sort();
  return sorted[Math.floor(sorted.length / 2)] as number;
}
