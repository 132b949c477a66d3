/** How unlike each pixel of a window is to one of them. */
import type { WindowPixels } from '../raster/types.ts';

/** Of the values of a band, these many are looked at for its span. */
const sampled = 20_000;

/**
 * Root mean square over bands of the difference to the seed, each band in shares of its span (2nd to 98th percentile of
 * the window). Values are averaged over 3 × 3 pixels first, so that speckle does not stop the wand; `decibel[b]` takes
 * ten times the logarithm of band b.
 */
export function bandDistance(pixels: WindowPixels, seed: number, decibel: readonly boolean[]): Float32Array {
  const { width, height, valid } = pixels;
  const squares = new Float32Array(width * height);
  for (const [b, band] of pixels.bands.entries()) {
    const smooth = average(band, valid, width, height);
    const values = decibel[b] ? smooth.map((v) => 10 * Math.log10(Math.max(v, 1e-12))) : smooth;
    const own = values[seed] ?? 0;
    const span = spanOf(values, valid);
    for (let i = 0; i < squares.length; i += 1) {
      const share = ((values[i] ?? 0) - own) / span;
      squares[i] = (squares[i] ?? 0) + share * share;
    }
  }
  return squares.map((sum) => Math.sqrt(sum / Math.max(1, pixels.bands.length)));
}

/** One minus the cosine of the angle between features, which are stored as bytes around 128. */
export function featureDistance(pixels: WindowPixels, seed: number): Float32Array {
  const { width, height, valid } = pixels;
  const bands = pixels.bands.map((band) => average(band, valid, width, height).map((v) => v - 128));
  const own = bands.map((band) => band[seed] ?? 0);
  const length = Math.hypot(...own);
  const out = new Float32Array(width * height);
  for (let i = 0; i < out.length; i += 1) {
    let [dot, squares] = [0, 0];
    for (const [k, band] of bands.entries()) {
      const value = band[i] ?? 0;
      dot += (own[k] ?? 0) * value;
      squares += value * value;
    }
    out[i] = 1 - dot / Math.max(1e-9, length * Math.sqrt(squares));
  }
  return out;
}

/** Mean of the valid pixels among the 3 × 3 around each. */
function average(band: ArrayLike<number>, valid: Uint8Array, width: number, height: number): Float32Array {
  const out = new Float32Array(width * height);
  for (let row = 0; row < height; row += 1) {
    const [top, bottom] = [Math.max(0, row - 1), Math.min(height - 1, row + 1)];
    for (let col = 0; col < width; col += 1) {
      let [sum, n] = [0, 0];
      for (let r = top; r <= bottom; r += 1) {
        for (
          let i = r * width + Math.max(0, col - 1);
          i <= r * width + Math.min(width - 1, col + 1);
          i += 1
        ) {
          if (!valid[i]) continue;
          sum += band[i] ?? 0;
          n += 1;
        }
      }
      out[row * width + col] = n > 0 ? sum / n : 0;
    }
  }
  return out;
}

/** Between the 2nd and the 98th percentile; never zero. */
function spanOf(values: Float32Array, valid: Uint8Array): number {
  const step = Math.max(1, Math.floor(values.length / sampled));
  const seen = values.filter((_, i) => i % step === 0 && valid[i]).sort();
  const at = (share: number) => seen[Math.floor(share * (seen.length - 1))] ?? 0;
  return at(0.98) - at(0.02) || 1;
}
