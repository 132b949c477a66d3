import { type FileHandle, open, rm } from 'node:fs/promises';
import { assert, must } from '../base/assert.ts';
import { AppError, fromSystemError } from '../base/errors.ts';
import { commitPart, partName } from '../disk/atomicWrite.ts';
import { allocatePixels } from './tiff/unpack.ts';
import { directoryBytes, encodeDirectory, encodeHeader } from './tiff/writeFields.ts';
import type { Crs, DataType, Geotransform, PixelArray, Window } from './types.ts';
import { levelFields } from './writeDirectory.ts';
import { Level, type LevelFormat, writeAll } from './writeLevel.ts';

export type WritableType = Exclude<DataType, 'float16' | 'int64' | 'uint64'>;

export interface RasterWriterOptions {
  readonly width: number;
  readonly height: number;
  readonly dtype: WritableType;
  readonly bands: number;
  /** 512, as GDAL's COG driver. */
  readonly tile?: 256 | 512 | undefined;
  readonly compression?: 'deflate' | 'none' | undefined;
  /** Classes are neither predicted nor averaged. */
  readonly content: 'classes' | 'continuous';
  readonly nodata?: number | null | undefined;
  /** RGB of each value from 0; uint8 and uint16 with one band. */
  readonly palette?: readonly (readonly [number, number, number])[] | undefined;
  readonly bandDescriptions?: readonly string[] | undefined;
  readonly scale?: number | undefined;
  readonly offset?: number | undefined;
  /** GDAL metadata items; TIFFTAG_SOFTWARE, TIFFTAG_DATETIME and TIFFTAG_IMAGEDESCRIPTION become tags. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly crs: Crs | null;
  readonly geotransform: Geotransform | null;
  /** How reduced versions are made; by `content` when absent. */
  readonly overviews?: 'mode' | 'average' | 'none' | undefined;
  /** When absent: classic TIFF as long as the file fits. */
  readonly bigTiff?: boolean | undefined;
}

export interface RasterWriter {
  /** Full-width rows below those already written, band-separate. */
  writeRows(bands: readonly PixelArray[], rows: number): Promise<void>;
  /**
   * A window, each pixel once, windows roughly from top to bottom: rows of tiles are held until they are whole, and
   * there is room for a few. Errors: internal when pixels come twice or too far out of order; disk-full, read-only.
   */
  writeWindow(window: Window, bands: readonly PixelArray[]): Promise<void>;
  /** Puts the file together as a COG and renames it into place. Errors: internal when pixels are missing. */
  finish(): Promise<{ bytes: number; bigTiff: boolean }>;
  /** Removes everything that was written. Does nothing after `finish`. */
  abort(): Promise<void>;
}

/** Rows of tiles that may wait for their missing pixels. */
const maxWaitingRows = 8;
const classicLimit = 2 ** 32 - 2 ** 16;

/**
 * A streaming writer of tiled, deflated (Big)TIFF in COG layout: directories first, then the tiles of the smallest
 * overview, up to full resolution. Tiles are spooled beside the target, and the whole appears under its name only when
 * it is complete. Memory: a few rows of tiles.
 */
export async function createRasterWriter(path: string, options: RasterWriterOptions): Promise<RasterWriter> {
  const part = partName(path);
  const format = formatOf(options);
  const levels = makeLevels(options, format, part);
  const full = levels[0] as Level;
  let state: 'open' | 'finished' | 'aborted' = 'open';
  let nextRow = 0;
  let flushed = 0;
  const waiting = new Map<number, { bands: PixelArray[]; missing: number }>();
  // Calls are served one after the other, whether or not the caller waits.
  let tail: Promise<unknown> = Promise.resolve();

  async function cleanUp(): Promise<void> {
    for (const level of levels) {
      await level.close().catch(() => {});
      await rm(level.spoolPath, { force: true });
    }
    await rm(part, { force: true });
  }

  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    const run = tail.then(async () => {
      assert(state === 'open', `The writer of ${path} is ${state}`);
      try {
        return await work();
      } catch (error) {
        state = 'aborted';
        await cleanUp();
        throw fromSystemError(error, path) ?? error;
      }
    });
    tail = run.catch(() => {});
    return run;
  }

  const tileRowHeight = (row: number) => Math.min(format.tile, options.height - row * format.tile);

  async function put(window: Window, bands: readonly PixelArray[]): Promise<void> {
    assertFits(window, bands, options);
    const { tile } = format;
    const lastRow = window.row + window.height;
    for (let tileRow = Math.floor(window.row / tile); tileRow * tile < lastRow; tileRow++) {
      const rows = tileRowHeight(tileRow);
      let slot = waiting.get(tileRow);
      if (!slot) {
        assert(tileRow >= flushed && waiting.size < maxWaitingRows, () =>
          tileRow < flushed
            ? `Pixels of row ${tileRow * tile} of ${path} were written twice`
            : `Too many unfinished rows of tiles in ${path}: write from top to bottom`,
        );
        const made = Array.from({ length: options.bands }, () =>
          allocatePixels(options.dtype, rows * options.width),
        );
        slot = { bands: made, missing: rows * options.width };
        waiting.set(tileRow, slot);
      }
      const from = Math.max(window.row, tileRow * tile);
      const to = Math.min(lastRow, tileRow * tile + rows);
      for (const [b, band] of bands.entries()) {
        const target = slot.bands[b] as PixelArray;
        for (let row = from; row < to; row++) {
          const source = (row - window.row) * window.width;
          target.set(
            band.subarray(source, source + window.width),
            (row - tileRow * tile) * options.width + window.col,
          );
        }
      }
      slot.missing -= (to - from) * window.width;
      assert(slot.missing >= 0, `Pixels of row ${from} of ${path} were written twice`);
      for (let ready = waiting.get(flushed); ready?.missing === 0; ready = waiting.get(flushed)) {
        waiting.delete(flushed);
        await full.writeTileRow(ready.bands, tileRowHeight(flushed));
        flushed++;
      }
    }
  }

  try {
    for (const level of levels) await level.open();
  } catch (error) {
    await cleanUp();
    throw fromSystemError(error, path) ?? error;
  }

  return {
    writeRows: (bands, rows) =>
      guarded(async () => {
        await put({ col: 0, row: nextRow, width: options.width, height: rows }, bands);
        nextRow += rows;
      }),
    writeWindow: (window, bands) => guarded(() => put(window, bands)),
    finish: () =>
      guarded(async () => {
        assert(flushed === full.down, `${full.down - flushed} rows of tiles of ${path} were never written`);
        const result = await assemble(part, levels, options, format);
        for (const level of levels) await level.close();
        commitPart(part, path);
        for (const level of levels) await rm(level.spoolPath, { force: true });
        state = 'finished';
        return result;
      }),
    async abort() {
      await tail;
      if (state !== 'open') return;
      state = 'aborted';
      await cleanUp();
    },
  };
}

async function assemble(
  part: string,
  levels: readonly Level[],
  options: RasterWriterOptions,
  format: LevelFormat,
): Promise<{ bytes: number; bigTiff: boolean }> {
  const data = levels.reduce((sum, level) => sum + level.bytes, 0);
  const zeros = levels.map(() => 0);
  const sizesFor = (big: boolean) =>
    levels.map((level, i) => directoryBytes(levelFields(level, i, zeros[i] ?? 0, options, format, big), big));
  const total = (big: boolean) => sizesFor(big).reduce((sum, size) => sum + size, data + (big ? 16 : 8));
  const bigTiff = options.bigTiff ?? total(false) > classicLimit;
  assert(bigTiff || total(false) <= 2 ** 32, 'The file is too large for a classic TIFF');
  const sizes = sizesFor(bigTiff);
  const starts: number[] = [];
  let at = bigTiff ? 16 : 8;
  for (const size of sizes) {
    starts.push(at);
    at += size;
  }
  const dataAt = new Array<number>(levels.length);
  for (let i = levels.length - 1; i >= 0; i--) {
    dataAt[i] = at;
    at += must(levels[i], 'level').bytes;
  }
  const file: FileHandle = await open(part, 'wx');
  try {
    await writeAll(file, encodeHeader(bigTiff), 0);
    for (const [i, level] of levels.entries()) {
      const start = starts[i] as number;
      const fields = levelFields(level, i, dataAt[i] as number, options, format, bigTiff);
      await writeAll(file, encodeDirectory(fields, start, starts[i + 1] ?? 0, bigTiff), start);
    }
    for (const [i, level] of levels.entries()) await level.copyTo(file, dataAt[i] as number);
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes: at, bigTiff };
}

function formatOf(options: RasterWriterOptions): LevelFormat {
  const { dtype, bands, content } = options;
  const nodata = options.nodata ?? null;
  const overviews = options.overviews ?? (content === 'classes' ? 'mode' : 'average');
  const deflated = options.compression !== 'none';
  const predictor = content === 'classes' || !deflated ? 1 : dtype.startsWith('float') ? 3 : 2;
  const float = dtype.startsWith('float');
  return {
    dtype,
    bands,
    separate: bands > 4,
    tile: options.tile ?? 512,
    predictor,
    deflateLevel: deflated ? 6 : 0,
    fill: nodata ?? 0,
    isNodata: (value) => value === nodata || (float && !Number.isFinite(value)),
    overviews,
  };
}

/** Full resolution first; halved until the whole fits into one tile. */
function makeLevels(options: RasterWriterOptions, format: LevelFormat, part: string): Level[] {
  const sizes = [[options.width, options.height] as [number, number]];
  if (format.overviews !== 'none') {
    for (let [w, h] = sizes[0] as [number, number]; Math.max(w, h) > format.tile; ) {
      w = Math.ceil(w / 2);
      h = Math.ceil(h / 2);
      sizes.push([w, h]);
    }
  }
  const levels: Level[] = [];
  let next: Level | null = null;
  for (let i = sizes.length - 1; i >= 0; i--) {
    const [w, h] = sizes[i] as [number, number];
    next = new Level(w, h, format, part.replace(/\.part$/, `.${i}.part`), next);
    levels.unshift(next);
  }
  return levels;
}

function assertFits(window: Window, bands: readonly PixelArray[], options: RasterWriterOptions): void {
  const inside =
    window.col >= 0 &&
    window.row >= 0 &&
    window.width >= 1 &&
    window.height >= 1 &&
    window.col + window.width <= options.width &&
    window.row + window.height <= options.height;
  if (!inside || bands.length !== options.bands) {
    throw new AppError(
      'internal',
      `A window of ${window.width} × ${window.height} at ${window.col}, ${window.row} with ${bands.length} bands does not fit a raster of ${options.width} × ${options.height} with ${options.bands}`,
    );
  }
  for (const band of bands) {
    assert(
      band.length >= window.width * window.height,
      `A band of a window of ${window.width} × ${window.height} holds ${band.length} pixels`,
    );
  }
}
