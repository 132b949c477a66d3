import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isAppError } from '../../electron/base/errors.ts';
import { type Prng, prngFrom } from '../../electron/base/prng.ts';
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

/** Where the entries of the first directory of a classic TIFF begin, and how many there are. */
function entriesOf(bytes: Uint8Array): { first: number; count: number; view: DataView; le: boolean } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const le = bytes[0] === 0x49;
  const at = view.getUint32(4, le);
  // A BigTIFF is changed at random instead.
  return view.getUint16(2, le) === 42
    ? { first: at + 2, count: view.getUint16(at, le), view, le }
    : { first: 16, count: Math.floor((bytes.length - 28) / 12), view, le };
}

function entryOf(bytes: Uint8Array, tag: number): number | undefined {
  const { first, count, view, le } = entriesOf(bytes);
  const entries = Array.from({ length: count }, (_, i) => first + i * 12);
  return entries.find((at) => view.getUint16(at, le) === tag);
}

const sly = [0, 1, 2, 255, 32_773, 65_535, 65_536, 2 ** 20, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
const tags = [
  256, 257, 258, 259, 262, 273, 277, 278, 279, 284, 317, 322, 324, 338, 339, 347, 530, 33550, 34735, 42112,
];

/** One to three entries with another tag, type, count or value. */
function withEntriesChanged(original: Uint8Array, prng: Prng): Uint8Array {
  const bytes = new Uint8Array(original);
  const { first, count, view, le } = entriesOf(bytes);
  for (let k = 0; k <= prng.integer(3); k++) {
    const at = first + prng.integer(count) * 12;
    const value = sly[prng.integer(sly.length)] ?? 0;
    const what = prng.integer(4);
    if (what === 0) view.setUint16(at, tags[prng.integer(tags.length)] ?? 0, le);
    else if (what === 1) view.setUint16(at + 2, prng.integer(20), le);
    else view.setUint32(at + (what === 2 ? 4 : 8), value, le);
  }
  return bytes;
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

  it('every fixture with entries of its directory changed is refused or read, never worse', async () => {
    const names = readdirSync(fixtures).filter((name) => name.endsWith('.tif'));
    for (const name of names) {
      const original = readFileSync(join(fixtures, name));
      const prng = prngFrom('entries', name);
      for (let i = 0; i < 8; i++) {
        const error = await tryReading(withEntriesChanged(original, prng));
        if (error !== undefined) expect(refusalOf(error), `${name}: ${(error as Error).stack}`).toBeDefined();
      }
    }
    expect(names.length).toBeGreaterThan(40);
  });

  it('refuses offsets that are fractions and bits for fewer bands than there are', async () => {
    const bytes = readFileSync(join(fixtures, 'plain-f64.tif'));
    const offsets = entryOf(bytes, 273) ?? entryOf(bytes, 324);
    const asDoubles = new Uint8Array(bytes);
    new DataView(asDoubles.buffer).setUint16((offsets ?? 0) + 2, 12, true);
    expect(refusalOf(await tryReading(asDoubles))).toBeDefined();
    const rgb = new Uint8Array(readFileSync(join(fixtures, 'jpeg-rgb.tif')));
    new DataView(rgb.buffer).setUint16((entryOf(rgb, 277) ?? 0) + 8, 30_000, true);
    expect(refusalOf(await tryReading(rgb))).toBe('damaged');
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
