/** How a band's values are transformed before mean and standard deviation: the kinds are those of `contract/encoder.ts`. */
import { assert, must, never } from '../base/assert.ts';
import type { BandTransform } from '../contract/encoder.ts';

type Values = ArrayLike<number>;

/**
 * Transforms band `index` of `bands` (band-separate, `count` pixels) and writes pixel i to `out[start + i·step]`.
 * Values that are not finite give NaN or infinity: the caller masks them.
 */
export function transformBand(
  transforms: readonly BandTransform[],
  index: number,
  bands: readonly Values[],
  out: Float32Array,
  { start = 0, step = 1 } = {},
): void {
  const transform = must(transforms[index], `transform ${index}`);
  const values = must(bands[index], `band ${index}`);
  const count = values.length;
  assert(start + (count - 1) * step < out.length, 'The output of a transform is too short');
  switch (transform.kind) {
    case 'linear':
    case 'decibel':
      for (let i = 0, o = start; i < count; i++, o += step) out[o] = values[i] as number;
      return;
    case 'log': {
      const { floor } = transform;
      for (let i = 0, o = start; i < count; i++, o += step) {
        const x = values[i] as number;
        out[o] = Math.log(Math.max(x, floor));
      }
      return;
    }
    case 'asinh': {
      const inverse = 1 / transform.scale;
      for (let i = 0, o = start; i < count; i++, o += step)
        out[o] = Math.asinh((values[i] as number) * inverse);
      return;
    }
    case 'cross': {
      const first = must(bands[transform.powers[0]], 'power band');
      const second = must(bands[transform.powers[1]], 'power band');
      const floor = transform.floor;
      for (let i = 0, o = start; i < count; i++, o += step) {
        const product = (first[i] as number) * (second[i] as number);
        const correlation = (values[i] as number) / Math.sqrt(Math.max(product, floor));
        out[o] = correlation > 1 ? 1 : Math.max(correlation, -1);
      }
      return;
    }
    default:
      never(transform, 'transform');
  }
}
