import type { Prng } from '../../base/prng.ts';
import type { View } from './view.ts';

/** Gaussian blur with σ drawn evenly from 0.1 px to `sigma`; the border pixel is repeated beyond the edge. */
export function blur(view: View, prng: Prng, sigma: number): void {
  const drawn = 0.1 + Math.max(0, sigma - 0.1) * prng.uniform();
  const kernel = gaussianKernel(drawn);
  convolveLines(view, kernel, view.bands, view.side * view.bands);
  convolveLines(view, kernel, view.side * view.bands, view.bands);
}

/** Weights from −radius to radius, of sum 1; the radius holds three σ. */
function gaussianKernel(sigma: number): Float64Array {
  const radius = Math.max(1, Math.ceil(3 * sigma));
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}

/** Convolves along the axis of stride `along`, for every line of stride `across`. */
function convolveLines(view: View, kernel: Float64Array, along: number, across: number): void {
  const { pixels, start, side, bands } = view;
  const radius = (kernel.length - 1) / 2;
  const line = new Float64Array(side);
  for (let l = 0; l < side; l++) {
    for (let b = 0; b < bands; b++) {
      const first = start + l * across + b;
      for (let i = 0; i < side; i++) line[i] = pixels[first + i * along] as number;
      for (let i = 0; i < side; i++) {
        let sum = 0;
        for (let k = -radius; k <= radius; k++) {
          const at = Math.min(side - 1, Math.max(0, i + k));
          sum += (line[at] as number) * (kernel[k + radius] as number);
        }
        pixels[first + i * along] = sum;
      }
    }
  }
}
