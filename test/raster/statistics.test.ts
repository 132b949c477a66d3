import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRaster } from '../../electron/raster/open.ts';
import { computeStatistics } from '../../electron/raster/statistics.ts';
import type { BandStatistics } from '../../electron/raster/types.ts';
import { arrayRaster } from '../support/arrayRaster.ts';
import { expectClose } from '../support/expectClose.ts';

const fixtures = join(import.meta.dirname, '../fixtures/raster');
/** Minimum, maximum, mean, std and percentiles 2, 50, 98 by numpy over GDAL's valid pixels (fixtures/raster/make.py). */
const oracle = JSON.parse(
  readFileSync(join(import.meta.dirname, '../oracles/rasterFixtures.json'), 'utf8'),
) as Record<string, { width: number; height: number; bands: { valid: number; statistics: number[] }[] }>;

const numbers = (b: BandStatistics) => [b.min, b.max, b.mean, b.std, b.p2, b.median, b.p98];
const names = [
  'plain-f64',
  'nodata-nan',
  'nodata-float',
  'nodata-u16',
  'masked',
  'overviews',
  'sparse',
  'plain-i16',
];

describe('statistics', () => {
  it.each(names)('%s equal numpy over the valid pixels', async (name) => {
    const facts = oracle[`${name}.tif`];
    const reader = await openRaster(join(fixtures, `${name}.tif`));
    const { exact, samples, bands } = await computeStatistics(reader);
    await reader.dispose();
    expect([exact, samples]).toEqual([true, (facts?.width ?? 0) * (facts?.height ?? 0)]);
    for (const [i, band] of bands.entries()) {
      const expected = facts?.bands[i];
      expectClose(numbers(band), expected?.statistics ?? [], { rel: 1e-9, abs: 1e-9 });
      expect(band.valid).toBeCloseTo((expected?.valid ?? 0) / samples, 12);
      expect(band.histogram.counts.reduce((a, b) => a + b, 0)).toBe(expected?.valid);
    }
  });

  it('says when it only sampled, and is near the truth then', async () => {
    const [width, height] = [1500, 1200];
    const values = Float32Array.from(
      { length: width * height },
      (_, i) => Math.sin(i * 0.7) * 10 + (i % width) / 100,
    );
    const reader = arrayRaster({ width, height, bands: [values] });
    const sampled = await computeStatistics(reader, { maxSamples: 100_000 });
    const whole = await computeStatistics(reader);
    expect([sampled.exact, whole.exact]).toEqual([false, true]);
    expect(sampled.samples).toBeLessThanOrEqual(100_000);
    expect(sampled.samples).toBeGreaterThan(50_000);
    expectClose(numbers(sampled.bands[0] as BandStatistics), numbers(whole.bands[0] as BandStatistics), {
      rel: 0.05,
      abs: 0.3,
    });
  });

  it('looks at a window and some bands only, reports progress and can be cancelled', async () => {
    const reader = await openRaster(join(fixtures, 'overviews.tif'));
    const window = { col: 10, row: 20, width: 50, height: 40 };
    const seen: number[] = [];
    const some = await computeStatistics(reader, {
      window,
      bands: [2],
      onProgress: (done) => seen.push(done),
    });
    const pixels = await reader.readWindow(window, [2]);
    expect(some.bands.map((b) => b.index)).toEqual([2]);
    expect(some.bands[0]?.max).toBe(Math.max(...(pixels.bands[0] as Uint16Array)));
    expect(seen.at(-1)).toBe(1);
    const aborted = computeStatistics(reader, { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ code: 'cancelled' });
    await reader.dispose();
  });

  it('gives zeros and no valid pixel for an empty raster', async () => {
    const reader = arrayRaster({
      width: 4,
      height: 4,
      bands: [new Float32Array(16).fill(Number.NaN)],
      valid: new Uint8Array(16),
    });
    const { bands } = await computeStatistics(reader);
    expect([bands[0]?.valid, bands[0]?.min, bands[0]?.max]).toEqual([0, 0, 0]);
  });
});

const scene = join(import.meta.dirname, '../../../shared/data/flevoland-west/t3_9band_float32.tif');
if (!existsSync(scene)) console.log(`skipped: no scene at ${scene}`);
describe.skipIf(!existsSync(scene))('the radar scene', () => {
  it('has the statistics that GDAL computes', async () => {
    const reader = await openRaster(scene);
    const { exact, bands } = await computeStatistics(reader);
    await reader.dispose();
    expect(exact).toBe(true);
    // gdalinfo -stats, band 1.
    const first = bands[0] as BandStatistics;
    expect(first.mean).toBeCloseTo(0.010011972600432, 12);
    expect(bands.length).toBe(9);
  });
});
