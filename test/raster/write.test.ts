import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import { crsFromEpsg } from '../../electron/raster/crs.ts';
import { openRaster } from '../../electron/raster/open.ts';
import { paletteOf, writeClassSidecars } from '../../electron/raster/style.ts';
import { allocatePixels } from '../../electron/raster/tiff/unpack.ts';
import type { Geotransform, PixelArray } from '../../electron/raster/types.ts';
import { createRasterWriter, type RasterWriterOptions } from '../../electron/raster/write.ts';
import { gdal, hasGdal } from '../support/gdal.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-write-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const gt: Geotransform = [500000, 10, 0, 5000000, 0, -10];
const base = { crs: crsFromEpsg(32633), geotransform: gt, tile: 256 } as const;

function field(dtype: RasterWriterOptions['dtype'], width: number, height: number, seed: string): PixelArray {
  const prng = prngFrom(seed);
  const out = allocatePixels(dtype, width * height);
  const top = dtype === 'uint8' ? 255 : dtype === 'int8' ? 127 : 30000;
  for (let i = 0; i < out.length; i++) {
    const smooth = Math.sin((i % width) / 40) * Math.cos(Math.floor(i / width) / 30);
    out[i] = (smooth * 0.4 + 0.5) * top + (prng.uniform() - 0.5) * 5;
  }
  return out;
}

/** Writes band-separate pixels in windows of 200 × 150 from top to bottom. */
async function write(name: string, bands: PixelArray[], options: RasterWriterOptions): Promise<string> {
  const path = join(folder, name);
  const writer = await createRasterWriter(path, options);
  const { width, height } = options;
  for (let row = 0; row < height; row += 150) {
    for (let col = 0; col < width; col += 200) {
      const window = { col, row, width: Math.min(200, width - col), height: Math.min(150, height - row) };
      const parts = bands.map((band) => {
        const part = allocatePixels(options.dtype, window.width * window.height);
        for (let y = 0; y < window.height; y++) {
          const from = (row + y) * width + col;
          part.set(band.subarray(from, from + window.width), y * window.width);
        }
        return part;
      });
      await writer.writeWindow(window, parts);
    }
  }
  await writer.finish();
  return path;
}

async function readBack(path: string) {
  const reader = await openRaster(path);
  try {
    const { width, height } = reader.info;
    return { info: reader.info, ...(await reader.readWindow({ col: 0, row: 0, width, height })) };
  } finally {
    await reader.dispose();
  }
}

/** GDAL's own pixels, in the file's type, through a headerless copy. */
function gdalPixels(path: string): Uint8Array {
  const script =
    'import sys; from osgeo import gdal; d = gdal.Open(sys.argv[1]); sys.stdout.buffer.write(b"".join(d.GetRasterBand(i + 1).ReadAsArray().tobytes() for i in range(d.RasterCount)))';
  return execFileSync('/usr/bin/python3', ['-c', script, path], { maxBuffer: 1 << 28 });
}
const bytesOf = (bands: readonly PixelArray[]) =>
  Buffer.concat(bands.map((b) => new Uint8Array(b.buffer, b.byteOffset, b.byteLength)));

/** Up to four bands stand side by side, six are planes. */
const cases = (
  ['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'float64'] as const
).flatMap((dtype) => [3, 6].map((bands) => [dtype, bands] as const));

describe('a written raster', () => {
  it.each(cases)('%s with %i bands comes back pixel for pixel, to us and to GDAL', async (dtype, count) => {
    const [width, height] = [313, 271];
    const bands = Array.from({ length: count }, (_, b) => field(dtype, width, height, `${dtype}${b}`));
    const path = await write(`${dtype}-${count}.tif`, bands, {
      ...base,
      width,
      height,
      dtype,
      bands: count,
      content: 'continuous',
    });
    const back = await readBack(path);
    expect(Buffer.compare(bytesOf(back.bands), bytesOf(bands))).toBe(0);
    expect(back.info.geotransform).toEqual(gt);
    expect(back.info.crs?.epsg).toBe(32633);
    expect(back.info.overviews).toEqual([{ width: 157, height: 136 }]);
    if (hasGdal && dtype !== 'int8' && count === 3)
      expect(Buffer.compare(gdalPixels(path), bytesOf(bands))).toBe(0);
  });

  it.runIf(hasGdal)('is a cloud optimised GeoTIFF to GDAL’s own check, classic and BigTIFF', async () => {
    for (const bigTiff of [false, true]) {
      const options: RasterWriterOptions = {
        ...base,
        width: 1000,
        height: 700,
        dtype: 'uint16',
        bands: 2,
        content: 'continuous',
        bigTiff,
      };
      const bands = [field('uint16', 1000, 700, 'a'), field('uint16', 1000, 700, 'b')];
      const path = await write(`cog-${bigTiff}.tif`, bands, options);
      const check = ['-m', 'osgeo_utils.samples.validate_cloud_optimized_geotiff', '--full-check=yes', path];
      expect(execFileSync('/usr/bin/python3', check, { encoding: 'utf8' })).toContain('is a valid cloud');
    }
  });

  it.runIf(hasGdal)('carries classes: palette, nodata, names, metadata, georeference', async () => {
    const classes = [
      { code: 1, name: 'Winter wheat', color: '#d4af37' },
      { code: 3, name: 'Sugar beet & co', color: '#8b1a62' },
    ];
    const pixels = field('uint8', 600, 300, 'classes').map((v) => [0, 1, 3][v % 3] as number);
    const rotated: Geotransform = [1000, 8, 3, 2000, 2, -9];
    const path = await write('classes.tif', [pixels], {
      ...base,
      geotransform: rotated,
      width: 600,
      height: 300,
      dtype: 'uint8',
      bands: 1,
      content: 'classes',
      nodata: 0,
      palette: paletteOf(classes),
      bandDescriptions: ['crop'],
      metadata: { MODEL: 'm <1> & "x"', TIFFTAG_SOFTWARE: 'Swath' },
    });
    writeClassSidecars(path, classes, 'crop');
    const facts = JSON.parse(gdal('gdalinfo', '-json', path)) as {
      geoTransform: number[];
      metadata: Record<string, Record<string, string>>;
      bands: {
        noDataValue: number;
        description: string;
        colorInterpretation: string;
        colorTable: { entries: number[][] };
      }[];
    };
    expect(facts.geoTransform).toEqual(rotated);
    expect(facts.metadata[''] ?? {}).toMatchObject({ MODEL: 'm <1> & "x"', TIFFTAG_SOFTWARE: 'Swath' });
    const band = facts.bands[0];
    expect([band?.noDataValue, band?.description, band?.colorInterpretation]).toEqual([0, 'crop', 'Palette']);
    expect(band?.colorTable.entries[3]).toEqual([0x8b, 0x1a, 0x62, 255]);
    const text = gdal('gdalinfo', path);
    expect(text).toMatch(/1: Winter wheat/);
    expect(text).toMatch(/3: Sugar beet & co/);
    expect(text).not.toMatch(/warning|error/i);
  });

  it('makes class overviews of the commonest class and never of nodata', async () => {
    const pixels = Uint8Array.from({ length: 512 * 2 }, (_, i) => (i < 512 ? (i % 2 === 0 ? 5 : 0) : 9));
    const path = await write('mode.tif', [pixels], {
      ...base,
      width: 512,
      height: 2,
      dtype: 'uint8',
      bands: 1,
      content: 'classes',
      nodata: 0,
    });
    const reader = await openRaster(path);
    const half = await reader.readResampled(
      { col: 0, row: 0, width: 512, height: 2 },
      256,
      1,
      [1],
      'nearest',
    );
    await reader.dispose();
    expect(new Set(half.bands[0])).toEqual(new Set([9]));
  });

  it('appears only when it is whole, and leaves nothing behind when it is given up', async () => {
    const before = readdirSync(folder).length;
    const path = join(folder, 'aborted.tif');
    const options: RasterWriterOptions = {
      ...base,
      width: 300,
      height: 300,
      dtype: 'uint8',
      bands: 1,
      content: 'classes',
    };
    const writer = await createRasterWriter(path, options);
    await writer.writeRows([new Uint8Array(300 * 100)], 100);
    expect(readdirSync(folder)).not.toContain('aborted.tif');
    await writer.abort();
    expect(readdirSync(folder).length).toBe(before);
    const unfinished = await createRasterWriter(path, options);
    await unfinished.writeRows([new Uint8Array(300 * 100)], 100);
    await expect(unfinished.finish()).rejects.toMatchObject({ code: 'internal' });
    expect(readdirSync(folder).length).toBe(before);
    const twice = await createRasterWriter(path, options);
    const window = { col: 0, row: 0, width: 300, height: 256 };
    await twice.writeWindow(window, [new Uint8Array(300 * 256)]);
    await expect(twice.writeWindow(window, [new Uint8Array(300 * 256)])).rejects.toThrow(/twice/);
    expect(readdirSync(folder).length).toBe(before);
  });

  it('names a folder that is not there', async () => {
    const options: RasterWriterOptions = {
      ...base,
      width: 9,
      height: 9,
      dtype: 'uint8',
      bands: 1,
      content: 'classes',
    };
    await expect(createRasterWriter(join(folder, 'no', 'such.tif'), options)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
