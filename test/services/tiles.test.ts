import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { levels, tileSize } from '../../electron/contract/bytes.ts';
import { openRaster } from '../../electron/raster/open.ts';
import { readTile } from '../../electron/raster/readTile.ts';
import type { Geotransform } from '../../electron/raster/types.ts';
import { interleave, placeTile } from '../../electron/services/tiles.ts';
import { tmpFolder } from '../support/tmpProject.ts';
import { writeRaster } from '../support/writeRaster.ts';

const size = { width: 700, height: 500 };
const ramp = (col: number, row: number) => col + 1000 * row;
const north: Geotransform = [400000, 10, 0, 5300000, 0, -10];

async function tileOf(transform: Geotransform, words: string[], pixel = ramp) {
  const file = await writeRaster(join(tmpFolder(), 'ramp.tif'), size, pixel);
  const reader = await openRaster(file);
  try {
    return await readTile(reader, placeTile(words, size, transform), [1], 'average');
  } finally {
    await reader.dispose();
  }
}

describe('tiles', () => {
  it('have one level on which everything fits into one, and one of full resolution', () => {
    expect(levels(256, 256)).toBe(1);
    expect(levels(257, 10)).toBe(2);
    expect(levels(700, 500)).toBe(3);
  });

  it('of the last level are the pixels themselves', async () => {
    const tile = await tileOf(north, ['2', '1', '1']);
    expect(tile.bands[0]?.[0]).toBe(ramp(256, 256));
    expect(tile.bands[0]?.[3 * tileSize + 5]).toBe(ramp(261, 259));
  });

  it('say which pixels lie beyond the raster', async () => {
    const tile = await tileOf(north, ['2', '2', '1']);
    // Columns 512 … 699 and rows 256 … 499 are inside.
    expect(tile.valid.reduce((sum, v) => sum + v, 0)).toBe((700 - 512) * (500 - 256));
    expect(tile.valid[187]).toBe(1);
    expect(tile.valid[188]).toBe(0);
  });

  it('of lower levels are means of what they cover', async () => {
    const tile = await tileOf(north, ['0', '0', '0']);
    // Four by four pixels: the mean of a ramp is its value at the centre.
    expect(tile.bands[0]?.[0]).toBeCloseTo(1.5 + 1000 * 1.5, 3);
    expect(tile.bands[0]?.[2 * tileSize + 10]).toBeCloseTo(41.5 + 1000 * 9.5, 2);
  });

  it('stand upright when the rows of the raster run upwards', async () => {
    const south: Geotransform = [400000, 10, 0, 5295000, 0, 10];
    const tile = await tileOf(south, ['2', '0', '0']);
    // The upper left corner of the extent is the first pixel of the last row.
    expect(tile.bands[0]?.[0]).toBe(ramp(0, 499));
    expect(tile.bands[0]?.[tileSize + 1]).toBe(ramp(1, 498));
  });

  it('are refused outside the grid and for words that are no numbers', () => {
    expect(() => placeTile(['3', '0', '0'], size, north)).toThrow(/no tile 3\/0\/0/);
    expect(() => placeTile(['2', '3', '0'], size, north)).toThrow(/no tile/);
    expect(() => placeTile(['2', '-1', '0'], size, north)).toThrow(/whole numbers/);
    expect(() => placeTile(['2', '..', 'etc'], size, north)).toThrow(/whole numbers/);
  });

  it('are interleaved with an alpha of 0 or 1, and 0 where nothing is known', () => {
    const pixels = {
      width: 2,
      height: 1,
      bands: [Float32Array.of(5, Number.NaN), Float32Array.of(7, 8)],
      valid: Uint8Array.of(1, 0),
    };
    expect([...interleave(pixels, [1, 0, 1])]).toEqual([7, 5, 7, 1, 0, 0, 0, 0]);
  });
});
