import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRaster } from '../../electron/raster/open.ts';
import { halve } from '../../electron/raster/resample.ts';
import type { PixelArray, RasterReader } from '../../electron/raster/types.ts';
import { expectClose } from '../support/expectClose.ts';

const fixtures = join(import.meta.dirname, '../fixtures/raster');
const open = (name: string) => openRaster(join(fixtures, name));

/** The mean over exact areas, pixel by pixel from the definition. */
function areaMean(
  source: PixelArray,
  valid: Uint8Array,
  width: number,
  box: [number, number, number, number],
) {
  const [left, top, right, bottom] = box;
  let sum = 0;
  let weight = 0;
  for (let y = Math.floor(top); y < bottom; y++) {
    for (let x = Math.floor(left); x < right; x++) {
      if (!valid[y * width + x]) continue;
      const share =
        (Math.min(x + 1, right) - Math.max(x, left)) * (Math.min(y + 1, bottom) - Math.max(y, top));
      sum += share * (source[y * width + x] as number);
      weight += share;
    }
  }
  return weight > 0 ? sum / weight : null;
}

async function everything(reader: RasterReader, band: number) {
  const { width, height } = reader.info;
  const { bands, valid } = await reader.readWindow({ col: 0, row: 0, width, height }, [band]);
  return { width, height, pixels: bands[0] as PixelArray, valid };
}

describe('readResampled', () => {
  it.each([
    [10, 7],
    [37, 29],
    [50, 61],
    [1, 1],
  ])('average to %i × %i is the area mean of the valid pixels', async (w, h) => {
    const reader = await open('nodata-float.tif');
    const { width, height, pixels, valid } = await everything(reader, 1);
    const out = await reader.readResampled({ col: 0, row: 0, width, height }, w, h, [1], 'average');
    await reader.dispose();
    for (let j = 0; j < h; j++) {
      for (let i = 0; i < w; i++) {
        const box: [number, number, number, number] = [
          (i * width) / w,
          (j * height) / h,
          ((i + 1) * width) / w,
          ((j + 1) * height) / h,
        ];
        const mean = areaMean(pixels, valid, width, box);
        expect(out.valid[j * w + i]).toBe(mean === null ? 0 : 1);
        if (mean !== null)
          expectClose([out.bands[0]?.[j * w + i] ?? Number.NaN], [mean], { rel: 1e-5, abs: 1e-4 });
      }
    }
  });

  it('nearest takes the pixel under each centre, also beyond the raster where nothing is valid', async () => {
    const reader = await open('plain-i16.tif');
    const { width, pixels } = await everything(reader, 2);
    const out = await reader.readResampled({ col: -4, row: 2, width: 16, height: 8 }, 8, 4, [2], 'nearest');
    await reader.dispose();
    for (let j = 0; j < 4; j++) {
      for (let i = 0; i < 8; i++) {
        const col = -4 + i * 2 + 1;
        expect(out.valid[j * 8 + i]).toBe(col < 0 ? 0 : 1);
        if (col >= 0) expect(out.bands[0]?.[j * 8 + i]).toBe(pixels[(2 + j * 2 + 1) * width + col]);
      }
    }
  });

  it('reads the overview when it is fine enough, and the raster itself when not', async () => {
    const reader = await open('overviews.tif');
    const { width, height } = reader.info;
    const window = { col: 0, row: 0, width, height };
    const { width: w, height: h } = reader.info.overviews[0] as { width: number; height: number };
    const half = await reader.readResampled(window, w, h, [1], 'nearest');
    const full = await reader.readResampled(window, width, height, [1], 'nearest');
    const all = await everything(reader, 1);
    await reader.dispose();
    expect(full.bands[0]).toEqual(all.pixels);
    // GDAL's averaged overview lies between the least and greatest of the pixels under it.
    for (const [x, y] of [
      [3, 5],
      [100, 90],
    ] as const) {
      const four: number[] = [];
      for (let r = Math.floor((y * height) / h); r < ((y + 1) * height) / h; r++) {
        for (let c = Math.floor((x * width) / w); c < ((x + 1) * width) / w; c++) {
          four.push(all.pixels[r * width + c] as number);
        }
      }
      const value = half.bands[0]?.[y * w + x] as number;
      expect(value).toBeGreaterThanOrEqual(Math.min(...four));
      expect(value).toBeLessThanOrEqual(Math.max(...four));
    }
  });

  it('hides what the mask hides, at full size and reduced', async () => {
    const reader = await open('masked.tif');
    const window = { col: 0, row: 0, width: 8, height: 6 };
    expect(new Set((await reader.readWindow(window)).valid)).toEqual(new Set([0]));
    expect(new Set((await reader.readResampled(window, 4, 3, [1], 'average')).valid)).toEqual(new Set([0]));
    await reader.dispose();
  });
});

describe('halve', () => {
  it('takes the commonest class, the first on a tie, and never nodata', () => {
    const out = new Uint8Array(4);
    const rows = [
      [1, 1, 4, 0, 7],
      [2, 3, 5, 0, 7],
    ];
    const three = new Uint8Array(3);
    halve(Uint8Array.from(rows.flat()), 5, 2, three, 'mode', (v) => v === 0, 0);
    expect([...three]).toEqual([1, 4, 7]);
    halve(new Uint8Array(16), 4, 4, out, 'mode', (v) => v === 0, 0);
    expect([...out]).toEqual([0, 0, 0, 0]);
  });

  it('averages what is there', () => {
    const out = new Float32Array(1);
    halve(Float32Array.of(1, 2, -9999, 6), 2, 2, out, 'average', (v) => v === -9999, -9999);
    expect(out[0]).toBe(3);
  });
});
