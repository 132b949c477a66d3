import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import { openRaster } from '../../electron/raster/open.ts';
import { sieve } from '../../electron/work/sieve.ts';
import { hasPython } from '../support/python.ts';
import { writeRaster } from '../support/writeRaster.ts';

describe('the smallest unit of a map', () => {
  it('takes the class of the largest neighbour, and leaves 0 and large patches alone', () => {
    const codes = Uint8Array.from([
      ...[1, 1, 1, 2, 2],
      ...[1, 3, 1, 2, 2],
      ...[1, 1, 1, 4, 2],
      ...[0, 0, 0, 0, 0],
      ...[5, 0, 1, 1, 1],
    ]);
    expect([...sieve(codes, 5, 5, 3)]).toEqual([
      ...[1, 1, 1, 2, 2],
      ...[1, 1, 1, 2, 2],
      ...[1, 1, 1, 1, 2],
      ...[0, 0, 0, 0, 0],
      ...[5, 0, 1, 1, 1],
    ]);
  });

  it.skipIf(!hasPython('osgeo_utils.gdal_sieve'))('agrees with GDAL on noise', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'swath-sieve-'));
    try {
      const prng = prngFrom(4);
      const [width, height] = [120, 90];
      const codes = Uint8Array.from({ length: width * height }, (_, i) => {
        const own = 1 + ((Math.floor((i % width) / 30) + Math.floor(i / width / 30)) % 3);
        return prng.uniform() < 0.12 ? 1 + prng.integer(3) : own;
      });
      const [from, to] = [join(folder, 'from.tif'), join(folder, 'to.tif')];
      const options = { width, height, dtype: 'uint8', content: 'classes' } as const;
      await writeRaster(from, options, (col, row) => codes[row * width + col] ?? 0);
      execFileSync('gdal_sieve.py', ['-st', '6', '-4', from, to], { stdio: 'ignore' });
      const reader = await openRaster(to);
      const { bands } = await reader.readWindow({ col: 0, row: 0, width, height });
      await reader.dispose();
      const own = sieve(codes, width, height, 6);
      expect(own.filter((code, i) => code !== codes[i]).length).toBeGreaterThan(300);
      // Where two neighbours are equally large, either may win.
      const different = own.filter((code, i) => code !== bands[0]?.[i]).length;
      expect(different / own.length).toBeLessThan(0.002);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
