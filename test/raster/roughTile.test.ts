/** A large raster without reduced versions: what stands for a tile is right at the places it was taken from. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { tileSize } from '../../electron/contract/bytes.ts';
import { openRaster } from '../../electron/raster/open.ts';
import { isSlow, readRoughTile } from '../../electron/raster/roughTile.ts';
import { hasGdal } from '../support/gdal.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-rough-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** 8000 × 6000 blocks of 500: the value is the number of the block, 0 (nodata) in the last row of blocks. */
const script = `
import numpy as np, sys
from osgeo import gdal
d = gdal.GetDriverByName('GTiff').Create(sys.argv[1], 8000, 6000, 1, gdal.GDT_UInt16, ['TILED=YES', 'COMPRESS=DEFLATE'])
for row in range(11):
    for col in range(16):
        d.GetRasterBand(1).WriteArray(np.full((500, 500), 1 + row * 16 + col, 'uint16'), col * 500, row * 500)
d.GetRasterBand(1).SetNoDataValue(0)
`;

test('a whole scene is there at once, in its place, with its edges and its holes', async ({ skip }) => {
  if (!hasGdal) skip('GDAL is not installed');
  const path = join(folder, 'large.tif');
  execFileSync('/usr/bin/python3', ['-c', script, path]);
  const reader = await openRaster(path);
  try {
    const whole = { col: 0, row: 0, width: 8192, height: 8192, flipX: false, flipY: false, factor: 32 };
    expect(isSlow(reader, whole)).toBe(true);
    expect(isSlow(reader, { ...whole, width: 2048, height: 2048, factor: 8 })).toBe(false);
    const { bands, valid } = await readRoughTile(reader, whole, [1]);
    const at = (col: number, row: number) => {
      const i = Math.floor(row / 32) * tileSize + Math.floor(col / 32);
      return valid[i] ? bands[0]?.[i] : null;
    };
    // A place stands for 410 pixels around it, so at the middle of a block its own or a neighbour's value is found.
    for (const [col, row] of [
      [250, 250],
      [4250, 2750],
      [7750, 4750],
    ] as const) {
      const [x, y] = [Math.floor(col / 500), Math.floor(row / 500)];
      const near = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => 1 + (y + dy) * 16 + x + dx));
      expect(near).toContain(at(col, row));
    }
    expect(at(4000, 5900)).toBeNull();
    expect(at(8100, 100)).toBeNull();
    expect(at(100, 6100)).toBeNull();

    const upsideDown = await readRoughTile(reader, { ...whole, flipY: true }, [1]);
    const flipped = (tileSize - 1 - Math.floor(2750 / 32)) * tileSize + Math.floor(4250 / 32);
    expect(upsideDown.bands[0]?.[flipped]).toBe(at(4250, 2750));
  } finally {
    await reader.dispose();
  }
});
