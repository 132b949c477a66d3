import { type FileHandle, open } from 'node:fs/promises';
import { halve } from './resample.ts';
import { encodeTile, type Predictor } from './tiff/encodeTile.ts';
import { allocatePixels } from './tiff/unpack.ts';
import type { DataType, PixelArray } from './types.ts';

/** What all resolutions of a raster that is being written share. */
export interface LevelFormat {
  readonly dtype: DataType;
  readonly bands: number;
  /** One plane per band instead of bands side by side. */
  readonly separate: boolean;
  readonly tile: number;
  readonly predictor: Predictor;
  readonly deflateLevel: number;
  readonly fill: number;
  readonly isNodata: (value: number) => boolean;
  readonly overviews: 'mode' | 'average' | 'none';
}

/**
 * One resolution that is being written: rows of tiles come from the top, are encoded into a spool file, and are handed
 * on at half size. Only one row of tiles is held.
 */
export class Level {
  readonly width: number;
  readonly height: number;
  readonly across: number;
  readonly down: number;
  readonly offsets: Float64Array;
  readonly lengths: Float64Array;
  readonly spoolPath: string;
  /** Bytes spooled so far. */
  bytes = 0;
  private readonly format: LevelFormat;
  private readonly next: Level | null;
  private spool: FileHandle | null = null;
  private strip: PixelArray[] = [];
  private stripRows = 0;
  private tileRow = 0;

  constructor(width: number, height: number, format: LevelFormat, spoolPath: string, next: Level | null) {
    this.width = width;
    this.height = height;
    this.format = format;
    this.next = next;
    this.spoolPath = spoolPath;
    this.across = Math.ceil(width / format.tile);
    this.down = Math.ceil(height / format.tile);
    const tiles = this.across * this.down * (format.separate ? format.bands : 1);
    this.offsets = new Float64Array(tiles);
    this.lengths = new Float64Array(tiles);
  }

  async open(): Promise<void> {
    this.spool = await open(this.spoolPath, 'wx+');
  }

  async close(): Promise<void> {
    await this.spool?.close();
    this.spool = null;
  }

  /** Appends full-width rows, which fill tiles exactly or end the image. */
  private async append(bands: readonly PixelArray[], rows: number): Promise<void> {
    const { tile, dtype } = this.format;
    if (this.strip.length === 0) this.strip = bands.map(() => allocatePixels(dtype, tile * this.width));
    bands.forEach((band, b) => {
      (this.strip[b] as PixelArray).set(band.subarray(0, rows * this.width), this.stripRows * this.width);
    });
    this.stripRows += rows;
    const last = this.tileRow * tile + this.stripRows === this.height;
    if (this.stripRows < tile && !last) return;
    const strip = this.strip;
    const held = this.stripRows;
    this.stripRows = 0;
    await this.writeTileRow(strip, held);
  }

  /** Encodes one row of tiles of `rows` rows (fewer than a tile only at the bottom), and hands it on at half size. */
  async writeTileRow(strip: readonly PixelArray[], rows: number): Promise<void> {
    const { separate, bands } = this.format;
    const groups = separate ? strip.map((band) => [band]) : [strip];
    for (const [plane, group] of groups.entries()) {
      const encoded = await Promise.all(
        Array.from({ length: this.across }, (_, column) => this.encode(group, rows, column)),
      );
      for (const [column, bytes] of encoded.entries()) {
        const index = (plane * this.down + this.tileRow) * this.across + column;
        await writeAll(this.spool as FileHandle, bytes, this.bytes);
        this.offsets[index] = this.bytes;
        this.lengths[index] = bytes.length;
        this.bytes += bytes.length;
      }
    }
    this.tileRow++;
    const { next, format } = this;
    if (!next || format.overviews === 'none') return;
    const halfRows = Math.ceil(rows / 2);
    const reduced = Array.from({ length: bands }, (_, b) => {
      const out = allocatePixels(format.dtype, halfRows * next.width);
      const method = format.overviews === 'mode' ? 'mode' : 'average';
      halve(strip[b] as PixelArray, this.width, rows, out, method, format.isNodata, format.fill);
      return out;
    });
    await next.append(reduced, halfRows);
  }

  private encode(group: readonly PixelArray[], rows: number, column: number): Promise<Uint8Array> {
    const { tile, dtype, fill, predictor, deflateLevel } = this.format;
    const left = column * tile;
    const width = Math.min(tile, this.width - left);
    const planes = group.map((band) => {
      const out = allocatePixels(dtype, tile * tile);
      if (fill !== 0 && (width < tile || rows < tile)) out.fill(fill);
      for (let row = 0; row < rows; row++) {
        const from = row * this.width + left;
        out.set(band.subarray(from, from + width), row * tile);
      }
      return out;
    });
    return encodeTile(planes, tile, predictor, deflateLevel);
  }

  /** Copies the spooled tiles to their place in the finished file. */
  async copyTo(target: FileHandle, at: number): Promise<void> {
    const buffer = new Uint8Array(4 * 2 ** 20);
    for (let done = 0; done < this.bytes; ) {
      const { bytesRead } = await (this.spool as FileHandle).read(
        buffer,
        0,
        Math.min(buffer.length, this.bytes - done),
        done,
      );
      if (bytesRead === 0) throw new Error(`The spool ${this.spoolPath} is shorter than what was written`);
      await writeAll(target, buffer.subarray(0, bytesRead), at + done);
      done += bytesRead;
    }
  }
}

/** Writes all of the bytes: a single call may write fewer. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}
