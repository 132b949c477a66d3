/**
 * Speckle, known by what it does to neighbours: it multiplies every pixel by a factor of its own, of the same spread
 * whatever the brightness (Goodman, JOSA 1976). Noise of optical sensors is smaller and adds, so it matters more in the dark.
 */
import { median } from './median.ts';

/** Median of |ln(a/b)| between neighbours: 0.95/√looks under speckle, below 0.1 in most bands of optical scenes. */
const leastRatio = 0.2;
/** How much larger that may be among the darker half of the pairs than among the brighter, or smaller. */
const mostUneven = 1.33;
/** Fewer pairs say nothing. */
const leastPairs = 200;

/** `values` in the order that `samplePixels` gives: most are followed by their neighbour to the right. */
export function isSpeckled(values: Float32Array): boolean {
  const ratios: number[] = [];
  const sums: number[] = [];
  for (let i = 1; i < values.length; i++) {
    const [a, b] = [values[i - 1] as number, values[i] as number];
    if (a <= 0 || b <= 0) continue;
    ratios.push(Math.abs(Math.log(a / b)));
    sums.push(a + b);
  }
  if (ratios.length < Math.max(leastPairs, 0.9 * (values.length - 1))) return false;
  const middle = median(Float32Array.from(sums));
  const part = (bright: boolean) =>
    median(Float32Array.from(ratios.filter((_, i) => (sums[i] as number) > middle === bright)));
  const uneven = part(false) / Math.max(part(true), Number.MIN_VALUE);
  return median(Float32Array.from(ratios)) >= leastRatio && uneven <= mostUneven && uneven >= 1 / mostUneven;
}
