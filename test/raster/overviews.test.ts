import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openRaster } from '../../electron/raster/open.ts';
import { buildOverviews } from '../../electron/raster/overviews.ts';
import type { RasterReader } from '../../electron/raster/types.ts';
import { createRasterWriter } from '../../electron/raster/write.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-ovr-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const [width, height] = [1304, 1104];

async function scene(name: string): Promise<string> {
  const path = join(folder, name);
  const writer = await createRasterWriter(path, {
    width,
    height,
    dtype: 'uint16',
    bands: 2,
    content: 'continuous',
    overviews: 'none',
    nodata: 0,
    crs: null,
    geotransform: null,
  });
  const band = (b: number) =>
    Uint16Array.from({ length: width * height }, (_, i) => (i % width < 300 ? 0 : (i % width) + b * 1000));
  await writer.writeRows([band(0), band(1)], height);
  await writer.finish();
  return path;
}

describe('overviews in a file of their own', () => {
  it('are what the raster averages to, and are used', async () => {
    const path = await scene('a.tif');
    const plain = await openRaster(path);
    expect(plain.info.overviews).toEqual([]);
    const overviewPath = join(folder, 'a.ovr.tif');
    const progress: number[] = [];
    await buildOverviews(plain, overviewPath, {
      content: 'continuous',
      onProgress: (done, total) => progress.push(done / total),
    });
    expect(progress.at(-1)).toBe(1);
    const quick = await openRaster(path, { overviewPath });
    expect(quick.info.overviews).toEqual([
      { width: 652, height: 552 },
      { width: 326, height: 276 },
      { width: 163, height: 138 },
    ]);
    const window = { col: 0, row: 0, width, height };
    const a = await plain.readResampled(window, 326, 276, [2], 'average');
    const b = await quick.readResampled(window, 326, 276, [2], 'average');
    expect(b.valid).toEqual(a.valid);
    for (let i = 0; i < a.valid.length; i += 97) {
      if (a.valid[i] === 1) {
        expect(Math.abs((a.bands[0]?.[i] ?? 0) - (b.bands[0]?.[i] ?? 99))).toBeLessThanOrEqual(3);
      }
    }
    await plain.dispose();
    await quick.dispose();
  });

  it('are left alone when they are damaged or of another raster', async () => {
    const path = await scene('b.tif');
    writeFileSync(`${path}.ovr`, 'no tiff');
    const reader = await openRaster(path);
    expect(reader.info.overviews).toEqual([]);
    expect(reader.info.warnings.join()).toContain('b.tif.ovr');
    await reader.dispose();
  });

  it('go on where a cancelled or killed build stopped', async () => {
    const plain = await openRaster(await scene('d.tif'));
    const rowsRead: number[] = [];
    const counting: RasterReader = {
      ...plain,
      readWindow: (window, bands) => {
        rowsRead.push(window.row);
        return plain.readWindow(window, bands);
      },
    };
    const path = join(folder, 'd.ovr.tif');
    const stop = new AbortController();
    const cut = buildOverviews(counting, path, {
      content: 'continuous',
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(cut).rejects.toMatchObject({ code: 'cancelled' });
    expect(new Set(rowsRead)).toEqual(new Set([0]));
    // What a kill leaves of the strip that was being written is no strip.
    writeFileSync(join(`${path}.parts`, '1.tif'), 'half a strip');
    rowsRead.length = 0;
    await buildOverviews(counting, path, { content: 'continuous' });
    expect(new Set(rowsRead)).toEqual(new Set([1024]));
    expect(existsSync(`${path}.parts`)).toBe(false);
    const straight = join(folder, 'd2.ovr.tif');
    await buildOverviews(plain, straight, { content: 'continuous' });
    expect(readFileSync(path).equals(readFileSync(straight))).toBe(true);
    await plain.dispose();
  });

  it('can be cancelled before anything is there', async () => {
    const reader = await openRaster(await scene('c.tif'));
    const path = join(folder, 'c.ovr.tif');
    const signal = AbortSignal.abort();
    await expect(buildOverviews(reader, path, { content: 'continuous', signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await expect(openRaster(path)).rejects.toMatchObject({ code: 'not-found' });
    await reader.dispose();
  });
});
