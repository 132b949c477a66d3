import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openRaster } from '../../electron/raster/open.ts';
import type { RasterInfo } from '../../electron/raster/types.ts';
import type { RasterWriterOptions } from '../../electron/raster/write.ts';
import { openReference } from '../../electron/work/referencePixels.ts';
import { writeRaster } from '../support/writeRaster.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-reference-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const classes = [
  { code: 1, name: '300', color: '#111111', key: null },
  { code: 2, name: '1200', color: '#222222', key: null },
  { code: 7, name: 'Maize', color: '#333333', key: null },
];
const whole = { col: 0, row: 0, width: 3, height: 2 };

/** A GeoTIFF of 3 × 2 codes. */
function labels(name: string, codes: readonly number[], placed: Partial<RasterWriterOptions> = {}) {
  const options = { width: 3, height: 2, dtype: 'uint16', content: 'classes', ...placed } as const;
  return writeRaster(join(folder, `${name}.tif`), options, (col, row) => codes[row * 3 + col] ?? 0);
}

async function read(file: string, map: RasterInfo): Promise<number[]> {
  const reference = await openReference({ from: 'raster', file }, map, classes);
  try {
    return [...(await reference.read(whole))];
  } finally {
    await reference.dispose();
  }
}

async function infoOf(file: string): Promise<RasterInfo> {
  const reader = await openRaster(file);
  await reader.dispose();
  return reader.info;
}

test('values are the classes of that name, else their own codes', async () => {
  const file = await labels('codes', [300, 1200, 7, 0, 300, 9]);
  expect(await read(file, await infoOf(file))).toEqual([1, 2, 7, 0, 1, 9]);
});

test('a value that is no class is refused with the classes there are', async () => {
  const file = await labels('foreign', [300, 1200, 4711, 0, 0, 0]);
  await expect(read(file, await infoOf(file))).rejects.toMatchObject({
    code: 'mismatch',
    message: expect.stringContaining('4711'),
    remedy: expect.stringContaining('7 Maize'),
  });
});

test('a raster without coordinates lies on the map of its size, as on import', async () => {
  const placed = await labels('placed', [7, 7, 7, 7, 7, 7], {
    crs: { epsg: 32633, name: null, geoKeys: { 1024: 1, 1025: 1, 3072: 32633 } },
    geotransform: [0, 10, 0, 20, 0, -10],
  });
  const bare = await labels('bare', [300, 0, 7, 0, 1200, 0]);
  const map = await infoOf(placed);
  expect((await infoOf(bare)).geotransform).toBeNull();
  expect(await read(bare, map)).toEqual([1, 0, 7, 0, 2, 0]);
  await expect(read(bare, { ...map, width: 4 })).rejects.toMatchObject({ code: 'mismatch' });
});
