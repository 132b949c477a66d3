import type { Prng } from '../../base/prng.ts';
import type { Normalisation } from '../../contract/encoder.ts';
import { scaleBand, type View } from './view.ts';

/**
 * Multiplies the power of each pixel by a gamma-distributed factor of mean 1 and variance 1 / looks, common to its
 * bands (Lee and Pottier 2009, Polarimetric Radar Imaging, 4.2: the multiplicative model of speckle).
 */
export function speckle(view: View, prng: Prng, looks: number, record: Normalisation): void {
  const shape = Math.max(1, looks);
  const pixels = view.side * view.side;
  for (let p = 0; p < pixels; p++) {
    const factor = gamma(prng, shape) / shape;
    const pixel: View = { ...view, start: view.start + p * view.bands, side: 1 };
    for (let band = 0; band < view.bands; band++) scaleBand(pixel, record, band, factor);
  }
}

/** A gamma variate of scale 1 and shape ≥ 1 (Marsaglia and Tsang 2000, A simple method for generating gamma variables). */
function gamma(prng: Prng, shape: number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = prng.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - prng.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
