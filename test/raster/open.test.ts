import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRaster } from '../../electron/raster/open.ts';
import type { RasterReader, Window } from '../../electron/raster/types.ts';
import { expectClose } from '../support/expectClose.ts';

/** What GDAL reads from the fixtures: written by fixtures/raster/make.py. */
interface Facts {
  width: number;
  height: number;
  md5: string;
  geotransform: number[] | null;
  epsg: number | null;
  crs: string | null;
  overviews: [number, number][];
  palette: [number, number, number][] | null;
  bands: {
    name: string | null;
    nodata: number | 'nan' | null;
    scale: number;
    offset: number;
    valid: number;
  }[];
}
const fixtures = join(import.meta.dirname, '../fixtures/raster');
const oracle = JSON.parse(
  readFileSync(join(import.meta.dirname, '../oracles/rasterFixtures.json'), 'utf8'),
) as Record<string, Facts>;

async function withRaster<T>(name: string, work: (reader: RasterReader) => Promise<T>): Promise<T> {
  const reader = await openRaster(join(fixtures, name));
  try {
    return await work(reader);
  } finally {
    await reader.dispose();
  }
}
const whole = (reader: RasterReader): Window => ({
  col: 0,
  row: 0,
  width: reader.info.width,
  height: reader.info.height,
});

describe('every fixture', () => {
  it.each(Object.entries(oracle))('%s equals what GDAL reads', async (name, facts) => {
    await withRaster(name, async (reader) => {
      const { info } = reader;
      expect([info.width, info.height, info.bands.length]).toEqual([
        facts.width,
        facts.height,
        facts.bands.length,
      ]);
      const md5 = createHash('md5');
      const { bands } = await reader.readWindow(whole(reader));
      for (const band of bands) {
        if (band instanceof Float32Array || band instanceof Float64Array) {
          for (let i = 0; i < band.length; i++) if (Number.isNaN(band[i])) band[i] = Number.NaN;
        }
        md5.update(new Uint8Array(band.buffer, band.byteOffset, band.byteLength));
      }
      expect(md5.digest('hex')).toBe(facts.md5);
      if (facts.geotransform)
        expectClose(info.geotransform ?? [], facts.geotransform, { rel: 1e-14, abs: 0 });
      else expect(info.geotransform).toBeNull();
      expect(info.crs?.epsg ?? null).toBe(facts.epsg);
      expect(info.crs === null).toBe(facts.crs === null);
      expect(info.overviews.map((o) => [o.width, o.height])).toEqual(facts.overviews);
      if (name === 'palette.tif') expect(info.palette?.slice(0, 3)).toEqual(facts.palette);
      for (const [i, band] of facts.bands.entries()) {
        const ours = info.bands[i];
        expect(ours?.name ?? null).toBe(band.name);
        expect(Number.isNaN(ours?.nodata) ? 'nan' : ours?.nodata).toBe(band.nodata);
        expect([ours?.scale, ours?.offset]).toEqual([band.scale, band.offset]);
      }
    });
  });

  it.each(Object.entries(oracle))('%s has as many valid pixels as GDAL finds', async (name, facts) => {
    await withRaster(name, async (reader) => {
      if (reader.info.alphaBand !== null) return;
      for (const [i, band] of facts.bands.entries()) {
        const { valid } = await reader.readWindow(whole(reader), [i + 1]);
        expect(valid.reduce((sum, v) => sum + v, 0)).toBe(band.valid);
      }
    });
  });
});

describe('windows', () => {
  it.each(['overviews.tif', 'predictor2-u16-band.tif', 'lzw-f32.tif', 'plain-i16.tif'])(
    '%s: any window equals that part of the whole',
    async (name) => {
      await withRaster(name, async (reader) => {
        const all = await reader.readWindow(whole(reader));
        const { width, height } = reader.info;
        for (const [col, row, w, h] of [
          [0, 0, 1, 1],
          [width - 1, height - 1, 1, 1],
          [3, 5, 20, 17],
          [15, 15, 3, 3],
        ] as const) {
          const part = await reader.readWindow({ col, row, width: w, height: h }, [2, 1]);
          for (let y = 0; y < h; y++) {
            for (let x = 0; x < w; x++) {
              const at = (row + y) * width + col + x;
              expect(part.bands[0]?.[y * w + x]).toBe(all.bands[1]?.[at]);
              expect(part.bands[1]?.[y * w + x]).toBe(all.bands[0]?.[at]);
            }
          }
        }
      });
    },
  );

  it('refuses windows and bands that are not there, naming them', async () => {
    await withRaster('plain-u8.tif', async (reader) => {
      await expect(reader.readWindow({ col: 30, row: 0, width: 8, height: 1 })).rejects.toThrow(/37 × 29/);
      await expect(reader.readWindow({ col: 0.5, row: 0, width: 1, height: 1 })).rejects.toThrow(
        /not inside/,
      );
      await expect(reader.readWindow({ col: 0, row: 0, width: 1, height: 1 }, [3])).rejects.toThrow(
        /no band 3/,
      );
    });
  });

  it('gives the same pixels to readers at once and with a cache too small for a block', async () => {
    const reader = await openRaster(join(fixtures, 'overviews.tif'), { cacheBytes: 1 });
    try {
      const windows = Array.from({ length: 12 }, (_, i) => ({
        col: i * 9,
        row: i * 7,
        width: 80,
        height: 70,
      }));
      const together = await Promise.all(windows.map((w) => reader.readWindow(w)));
      for (const [i, window] of windows.entries())
        expect(await reader.readWindow(window)).toEqual(together[i]);
    } finally {
      await reader.dispose();
    }
  });
});

describe('header facts', () => {
  it('reads names, wavelengths, scale, date and sensor from GDAL metadata', async () => {
    await withRaster('described.tif', async ({ info }) => {
      expect(info.bands.map((b) => b.name)).toEqual(['Blue', 'Red', 'NIR <b&>']);
      expect(info.bands.map((b) => b.wavelengthNm)).toEqual([490, 665, 842]);
      expect(info.acquired).toBe('2023-06-05');
      expect(info.metadata.NOTE).toBe('a < b & "c"');
    });
  });

  it('knows a mask, an alpha band and a missing CRS', async () => {
    expect((await withRaster('masked.tif', async (r) => r.info)).hasMask).toBe(true);
    expect((await withRaster('webp-lossless-alpha.tif', async (r) => r.info)).alphaBand).toBe(4);
    expect((await withRaster('no-crs.tif', async (r) => r.info)).crs).toBeNull();
    expect((await withRaster('custom-crs.tif', async (r) => r.info)).crs).toMatchObject({
      epsg: null,
      name: 'House grid',
    });
  });
});
