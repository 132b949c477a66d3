import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isAppError } from '../../electron/base/errors.ts';
import { prngFrom } from '../../electron/base/prng.ts';
import { openRaster } from '../../electron/raster/open.ts';
import { refusalOf } from '../../electron/raster/refusal.ts';

const fixtures = join(import.meta.dirname, '../fixtures/raster');
const folder = mkdtempSync(join(tmpdir(), 'swath-hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Opens and reads everything a damaged file still claims, up to a small window. Resolves, or fails with an AppError. */
async function tryReading(bytes: Uint8Array): Promise<unknown> {
  const path = join(folder, 'x.tif');
  writeFileSync(path, bytes);
  try {
    const reader = await openRaster(path, { cacheBytes: 2 ** 20 });
    try {
      const { width, height, bands } = reader.info;
      const window = { col: 0, row: 0, width: Math.min(width, 64), height: Math.min(height, 64) };
      await reader.readWindow(window, [bands.length]);
      const last = { ...window, col: width - window.width, row: height - window.height };
      await reader.readWindow(last, [1]);
      return undefined;
    } finally {
      await reader.dispose();
    }
  } catch (error) {
    return error;
  }
}

const seeds = [
  'lzw-u16.tif',
  'jpeg-ycbcr.tif',
  'predictor3-f32-band.tif',
  'bigtiff-tiled-u16.tif',
  'fax4.tif',
  'webp-lossy.tif',
  'packbits-u8.tif',
  'lerc-f32.tif',
  'palette.tif',
  'masked.tif',
];

describe('damaged files', () => {
  it.each(seeds)('%s: cut anywhere, it is refused or read, never worse', async (name) => {
    const bytes = readFileSync(join(fixtures, name));
    const prng = prngFrom('cut', name);
    let refused = 0;
    for (let i = 0; i < 40; i++) {
      const error = await tryReading(bytes.subarray(0, prng.integer(bytes.length)));
      if (error !== undefined) {
        expect(isAppError(error), String(error)).toBe(true);
        expect(refusalOf(error), String(error)).toBeDefined();
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(0);
  });

  it.each(seeds)('%s: with bytes changed at random, it is refused or read, never worse', async (name) => {
    const original = readFileSync(join(fixtures, name));
    const prng = prngFrom('flip', name);
    for (let i = 0; i < 60; i++) {
      const bytes = new Uint8Array(original);
      for (let k = 0; k <= prng.integer(4); k++) bytes[prng.integer(bytes.length)] = prng.integer(256);
      const error = await tryReading(bytes);
      if (error !== undefined) expect(refusalOf(error), String((error as Error).stack)).toBeDefined();
    }
  });

  it('says plainly what a file is that is no GeoTIFF', async () => {
    const text = await tryReading(new TextEncoder().encode('field;crop\n1;wheat\n'));
    expect(text).toMatchObject({ code: 'bad-input', message: expect.stringContaining('not a GeoTIFF') });
    expect(await tryReading(new Uint8Array(0))).toMatchObject({ code: 'bad-input' });
    const missing = openRaster(join(folder, 'nothing.tif'));
    await expect(missing).rejects.toMatchObject({ code: 'not-found' });
    await expect(openRaster(folder)).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('says that a file is cut short', async () => {
    const name = readdirSync(fixtures).find((file) => file === 'plain-f64.tif') ?? '';
    const bytes = readFileSync(join(fixtures, name));
    const error = await tryReading(bytes.subarray(0, bytes.length - 2000));
    expect(refusalOf(error)).toBe('cut-short');
    expect(String(error)).toContain('cut short');
  });
});
