import { describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import { boxMean } from '../../electron/work/pooling.ts';
import { expectClose } from '../support/expectClose.ts';

const width = 13;
const height = 11;
const channels = 3;
const prng = prngFrom(5);
const values = Float32Array.from({ length: width * height * channels }, () => prng.normal());
const valid = Uint8Array.from({ length: width * height }, () => (prng.uniform() < 0.8 ? 1 : 0));

/** The definition, pixel by pixel. */
function slow(radius: number, margin: number): number[] {
  const out: number[] = [];
  for (let y = margin; y < height - margin; y++) {
    for (let x = margin; x < width - margin; x++) {
      const sums = [0, 0, 0];
      let count = 0;
      for (let v = y - radius; v <= y + radius; v++) {
        for (let u = x - radius; u <= x + radius; u++) {
          if (!valid[v * width + u]) continue;
          count++;
          for (let c = 0; c < channels; c++) {
            sums[c] = (sums[c] ?? 0) + (values[(v * width + u) * channels + c] ?? 0);
          }
        }
      }
      out.push(...sums.map((s) => (count > 0 ? s / count : 0)));
    }
  }
  return out;
}

describe('boxMean', () => {
  it.each([
    [0, 0],
    [1, 1],
    [2, 4],
    [3, 3],
  ])('is the mean of the valid pixels of a window: radius %i, margin %i', (radius, margin) => {
    expectClose(boxMean(values, valid, { width, height }, channels, radius, margin), slow(radius, margin), {
      rel: 1e-5,
      abs: 1e-6,
    });
  });
  it('gives bit for bit the same wherever the block was cut', () => {
    const whole = boxMean(values, valid, { width, height }, channels, 2, 2);
    const cut = { col: 3, row: 2, width: 9, height: 8 };
    const take = <T extends Float32Array | Uint8Array>(from: T, per: number, to: T): T => {
      for (let y = 0; y < cut.height; y++) {
        for (let i = 0; i < cut.width * per; i++) {
          to[y * cut.width * per + i] = from[((y + cut.row) * width + cut.col) * per + i] ?? 0;
        }
      }
      return to;
    };
    const part = boxMean(
      take(values, channels, new Float32Array(cut.width * cut.height * channels)),
      take(valid, 1, new Uint8Array(cut.width * cut.height)),
      cut,
      channels,
      2,
      2,
    );
    const inner = width - 4;
    for (let y = 0; y < cut.height - 4; y++) {
      const from = ((y + cut.row) * inner + cut.col) * channels;
      const length = (cut.width - 4) * channels;
      expect(part.subarray(y * length, (y + 1) * length)).toEqual(whole.subarray(from, from + length));
    }
  });
  it('refuses a margin that the window does not fit into', () => {
    expect(() => boxMean(values, valid, { width, height }, channels, 3, 2)).toThrow(/margin/);
  });
});
