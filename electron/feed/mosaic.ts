/**
 * Adjacent or overlapping tiles as one raster, on the grid of the coordinate system that most of the area has. Where tiles
 * overlap, the first that has a valid pixel counts, those of that grid before the others; what no tile covers is not
 * valid.
 */
import { must } from '../base/assert.ts';
import { AppError } from '../base/errors.ts';
import { isRotated } from '../raster/affine.ts';
import { allocatePixels } from '../raster/tiff/unpack.ts';
import type { PixelArray, RasterInfo, RasterReader, Window, WindowPixels } from '../raster/types.ts';
import { warpTo } from './warp.ts';

interface Tile {
  readonly reader: RasterReader;
  /** Where its upper left pixel lies in the mosaic. */
  readonly col: number;
  readonly row: number;
}

/** Tiles that lie so far apart that most of the mosaic is empty are no mosaic. */
const mostEmpty = 8;
/** Pixels by which a tile may be off the common grid. */
const slack = 0.02;

/**
 * Tiles of another coordinate system (the next UTM zone), or shifted by part of a pixel, are brought to the grid by
 * `warpTo`. Errors: those of `warpTo`; mismatch unless all have the same bands and pixel size and lie together.
 */
export function mosaic(files: readonly RasterReader[]): RasterReader {
  const first = must(mostCovering(files)[0], 'tile of a mosaic').info;
  const readers = onGrid(files, first);
  const { tiles, width, height, origin } = arrange(readers, first);
  const [x = 0, dx = 1, rx = 0, y = 0, ry = 0, dy = -1] = first.geotransform ?? [];
  const info: RasterInfo = {
    ...first,
    width,
    height,
    geotransform: [x + origin.col * dx, dx, rx, y + origin.row * dy, ry, dy],
    overviews: [],
    warnings: readers.flatMap((reader) => reader.info.warnings),
  };
  const all = info.bands.map((band) => band.index);
  return {
    info,
    async readWindow(window, bands = all) {
      const canvas = emptyCanvas(window.width, window.height, bands, info);
      for (const tile of tiles) {
        const part = overlap(tile, window);
        if (!part) continue;
        const pixels = await tile.reader.readWindow(inTile(tile, part), bands);
        paste(canvas, pixels, part.col - window.col, part.row - window.row);
      }
      return canvas;
    },
    async readResampled(window, toWidth, toHeight, bands = all, method) {
      const canvas = emptyCanvas(toWidth, toHeight, bands, info);
      const across = (col: number) => Math.round(((col - window.col) * toWidth) / window.width);
      const down = (row: number) => Math.round(((row - window.row) * toHeight) / window.height);
      for (const tile of tiles) {
        const part = overlap(tile, window);
        if (!part) continue;
        const [left, top] = [across(part.col), down(part.row)];
        const [w, h] = [across(part.col + part.width) - left, down(part.row + part.height) - top];
        // Less than half a pixel of the picture.
        if (w === 0 || h === 0) continue;
        paste(canvas, await tile.reader.readResampled(inTile(tile, part), w, h, bands, method), left, top);
      }
      return canvas;
    },
    async dispose() {
      for (const reader of readers) await reader.dispose();
    },
  };
}

/** The tiles of the coordinate system that covers most. */
function mostCovering(readers: readonly RasterReader[]): RasterReader[] {
  const systems = new Map<string, RasterReader[]>();
  for (const reader of readers) {
    const key = systemOf(reader.info);
    systems.set(key, [...(systems.get(key) ?? []), reader]);
  }
  const areaOf = (tiles: readonly RasterReader[]) =>
    tiles.reduce((sum, { info }) => sum + info.width * info.height, 0);
  return [...systems.values()].reduce((best, next) => (areaOf(next) > areaOf(best) ? next : best), []);
}

const systemOf = ({ crs }: RasterInfo) => String(crs?.epsg ?? crs?.name ?? null);

/** The tiles that lie on the grid as they are, then the others, brought to it. */
function onGrid(readers: readonly RasterReader[], first: RasterInfo): RasterReader[] {
  const { crs, geotransform } = first;
  const fits = (reader: RasterReader) =>
    systemOf(reader.info) === systemOf(first) && !isShifted(reader.info, first);
  const others = readers.filter((reader) => !fits(reader));
  if (others.length === 0 || !crs || !geotransform || isRotated(geotransform)) return [...readers];
  const warped = others.map((reader) => warpTo(reader, { crs, geotransform }));
  return [...readers.filter(fits), ...warped];
}

/** Whether tiles of one pixel size are off each other's grid. */
function isShifted({ geotransform: a }: RasterInfo, { geotransform: b }: RasterInfo): boolean {
  if (!a || !b || a[1] !== b[1] || a[5] !== b[5]) return false;
  const off = (n: number) => Math.abs(n - Math.round(n)) > slack;
  return off((a[0] - b[0]) / b[1]) || off((a[3] - b[3]) / b[5]);
}

function arrange(readers: readonly RasterReader[], first: RasterInfo) {
  const placed = readers.map((reader) => ({ reader, ...placeTile(reader.info, first) }));
  const col = Math.min(...placed.map((tile) => tile.col));
  const row = Math.min(...placed.map((tile) => tile.row));
  const width = Math.max(...placed.map((tile) => tile.col + tile.reader.info.width)) - col;
  const height = Math.max(...placed.map((tile) => tile.row + tile.reader.info.height)) - row;
  const covered = readers.reduce((sum, { info }) => sum + info.width * info.height, 0);
  if (width * height > mostEmpty * covered) {
    throw noMosaic(must(readers.at(-1), 'tile').info, first, 'they lie far apart');
  }
  const tiles = placed.map((tile): Tile => ({ ...tile, col: tile.col - col, row: tile.row - row }));
  return { tiles, width, height, origin: { col, row } };
}

/** Position of a tile in whole pixels of the first one's grid. */
function placeTile(info: RasterInfo, first: RasterInfo): { col: number; row: number } {
  const [a, b] = [info.geotransform, first.geotransform];
  if (!a || !b) throw noMosaic(info, first, 'one of them has no coordinates');
  if ((info.crs?.epsg ?? info.crs?.name ?? null) !== (first.crs?.epsg ?? first.crs?.name ?? null))
    throw noMosaic(info, first, 'they have different coordinate systems');
  const kinds = ({ bands }: RasterInfo) => bands.map(({ dtype }) => dtype).join();
  if (kinds(info) !== kinds(first)) throw noMosaic(info, first, 'they have different bands');
  if ([a[2], a[4], b[2], b[4]].some((skew) => skew !== 0))
    throw noMosaic(info, first, 'one of them is rotated');
  const drift = (step: number, own: number, size: number) => Math.abs((own - step) / step) * size;
  if (drift(b[1], a[1], info.width) > slack || drift(b[5], a[5], info.height) > slack)
    throw noMosaic(info, first, 'their pixels differ in size');
  const [col, row] = [(a[0] - b[0]) / b[1], (a[3] - b[3]) / b[5]];
  if (Math.abs(col - Math.round(col)) > slack || Math.abs(row - Math.round(row)) > slack)
    throw noMosaic(info, first, 'their pixels are shifted against each other');
  return { col: Math.round(col), row: Math.round(row) };
}

function noMosaic(info: RasterInfo, first: RasterInfo, why: string): AppError {
  const size = (i: RasterInfo) => `${i.width} × ${i.height} pixels of ${i.crs?.name ?? 'no CRS'}`;
  return new AppError(
    'mismatch',
    `The files of one scene must cover one area or be tiles of one grid: ${info.path} has ${size(info)}, ${first.path} has ${size(first)}, and ${why}`,
    { subject: info.path, remedy: 'Add files of another area or date as a scene of their own.' },
  );
}

/** In pixels of the mosaic; null where they do not meet. */
function overlap({ col, row, reader }: Tile, window: Window): Window | null {
  const left = Math.max(col, window.col);
  const top = Math.max(row, window.row);
  const width = Math.min(col + reader.info.width, window.col + window.width) - left;
  const height = Math.min(row + reader.info.height, window.row + window.height) - top;
  return width > 0 && height > 0 ? { col: left, row: top, width, height } : null;
}

const inTile = ({ col, row }: Tile, part: Window): Window => ({
  ...part,
  col: part.col - col,
  row: part.row - row,
});

function emptyCanvas(
  width: number,
  height: number,
  bands: readonly number[],
  info: RasterInfo,
): WindowPixels & { readonly bands: PixelArray[] } {
  return {
    width,
    height,
    bands: bands.map((band) => {
      const found = info.bands[band - 1];
      if (found) return allocatePixels(found.dtype, width * height);
      throw new AppError('bad-input', `There is no band ${band}: the scene has ${info.bands.length}`, {
        subject: info.path,
        remedy: `Give bands from 1 to ${info.bands.length}.`,
      });
    }),
    valid: new Uint8Array(width * height),
  };
}

function paste(canvas: WindowPixels, part: WindowPixels, left: number, top: number): void {
  for (let row = 0; row < part.height; row++) {
    for (let col = 0; col < part.width; col++) {
      const from = row * part.width + col;
      const to = (top + row) * canvas.width + left + col;
      if (!part.valid[from] || canvas.valid[to]) continue;
      canvas.valid[to] = 1;
      canvas.bands.forEach((values, b) => {
        values[to] = (part.bands[b] as PixelArray)[from] as number;
      });
    }
  }
}
