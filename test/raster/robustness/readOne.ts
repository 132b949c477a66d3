/**
 * Child process of the robustness table: reads the rasters named on its standard input, one path per line, and answers
 * each with one line of JSON. The parent kills it when an answer is late.
 */
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { openRaster } from '../../../electron/raster/open.ts';
import { refusalOf } from '../../../electron/raster/refusal.ts';
import type { PixelArray, RasterReader, Window } from '../../../electron/raster/types.ts';

const largest = 32 * 2 ** 20;
const side = 1024;

function windows(width: number, height: number): Window[] {
  if (width * height <= largest) return [{ col: 0, row: 0, width, height }];
  const [w, h] = [Math.min(side, width), Math.min(side, height)];
  const at = (col: number, row: number) => ({ col, row, width: w, height: h });
  return [at(0, 0), at(Math.floor((width - w) / 2), Math.floor((height - h) / 2)), at(width - w, height - h)];
}

/** The pixels' MD5 as makeOracle.py computes it. */
async function digest(reader: RasterReader): Promise<string> {
  const md5 = createHash('md5');
  const { width, height, bands, tile } = reader.info;
  for (const band of bands) {
    for (const window of windows(width, height)) {
      const rows = Math.max(1, Math.ceil(2 ** 23 / window.width / tile.height) * tile.height);
      for (let row = 0; row < window.height; row += rows) {
        const part = { ...window, row: window.row + row, height: Math.min(rows, window.height - row) };
        const pixels = (await reader.readWindow(part, [band.index])).bands[0] as PixelArray;
        if (pixels instanceof Float32Array || pixels instanceof Float64Array) {
          for (let i = 0; i < pixels.length; i++) if (Number.isNaN(pixels[i])) pixels[i] = Number.NaN;
        }
        md5.update(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
      }
    }
  }
  return md5.digest('hex');
}

/** As Python writes what JSON has no word for. */
function jsonNumber(value: number | null): number | string | null {
  if (value === null || Number.isFinite(value)) return value;
  return String(value).replace('NaN', 'nan').replace('Infinity', 'inf');
}

async function readOne(path: string) {
  try {
    const reader = await openRaster(path);
    try {
      const { width, height, bands, geotransform, crs } = reader.info;
      const nodata = bands[0]?.nodata ?? null;
      return {
        width,
        height,
        bands: bands.length,
        dtype: bands[0]?.dtype,
        geotransform,
        epsg: crs?.epsg ?? null,
        nodata: jsonNumber(nodata),
        md5: await digest(reader),
      };
    } finally {
      await reader.dispose();
    }
  } catch (error) {
    const reason = refusalOf(error);
    const message = error instanceof Error ? error.message : String(error);
    const stack = reason || !(error instanceof Error) ? undefined : error.stack;
    return { reason: reason ?? 'crash', message, stack };
  }
}

for await (const path of createInterface({ input: process.stdin })) {
  const started = process.cpuUsage();
  const answer = await readOne(path);
  // Time on the processor: what the file costs, however busy the machine is.
  const { user, system } = process.cpuUsage(started);
  const milliseconds = Math.round((user + system) / 1000);
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(`${JSON.stringify({ path, milliseconds, peakMiB, ...answer })}\n`);
}
