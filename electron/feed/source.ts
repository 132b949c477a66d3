/**
 * One reader over the files of a scene. Files of one area are stacked: their bands in the order of the files, on the
 * finest grid among them. Areas side by side become a mosaic.
 * Coarser files are brought to it by nearest neighbour, so that no value is invented (the 20 m bands of Sentinel-2).
 */
import { must } from '../base/assert.ts';
import { AppError } from '../base/errors.ts';
import type { SceneSource } from '../contract/jobs.ts';
import { openRaster } from '../raster/open.ts';
import type {
  Geotransform,
  PixelArray,
  RasterInfo,
  RasterReader,
  Window,
  WindowPixels,
} from '../raster/types.ts';
import { mosaic } from './mosaic.ts';

/** Where a pixel of the common grid lies in a file: file = origin + ratio · grid, in pixels, per axis. */
interface Placement {
  readonly reader: RasterReader;
  readonly x: { readonly origin: number; readonly ratio: number };
  readonly y: { readonly origin: number; readonly ratio: number };
  /** Position of the file's first band in the stack. */
  readonly firstBand: number;
}

/**
 * Opens all files of a scene as one raster. `cacheBytes` bounds the decoded blocks kept by all files together.
 * Errors: those of `openRaster`; mismatch for files that neither cover one area with parallel axes nor are
 * tiles of one grid.
 */
export async function openSource(
  source: SceneSource,
  options: { cacheBytes?: number } = {},
): Promise<RasterReader> {
  const cacheBytes = Math.floor((options.cacheBytes ?? 128 * 2 ** 20) / Math.max(1, source.files.length));
  const readers: RasterReader[] = [];
  try {
    for (const file of source.files) readers.push(await openRaster(file, { cacheBytes }));
    const groups = sameArea(readers);
    const stacks = groups.map((group) => (group.length === 1 ? must(group[0], 'file') : stack(group)));
    return stacks.length === 1 ? must(stacks[0], 'file of the scene') : mosaic(stacks);
  } catch (error) {
    for (const reader of readers) await reader.dispose();
    throw error;
  }
}

/** Files of one area belong together, in their order: one file per band, or per date. Each area is a tile of a mosaic. */
function sameArea(readers: readonly RasterReader[]): RasterReader[][] {
  const groups: RasterReader[][] = [];
  for (const reader of readers) {
    const group = groups.find(([first]) => first && fits(reader.info, first.info));
    if (group) group.push(reader);
    else groups.push([reader]);
  }
  return groups;
}

function fits(a: RasterInfo, b: RasterInfo): boolean {
  const [coarse, fine] = a.width * a.height < b.width * b.height ? [a, b] : [b, a];
  return placeFile(coarse, fine) !== null;
}

function stack(readers: readonly RasterReader[]): RasterReader {
  const finest = readers.reduce((best, next) =>
    next.info.width * next.info.height > best.info.width * best.info.height ? next : best,
  );
  let firstBand = 0;
  const files = readers.map((reader): Placement => {
    const place = placeFile(reader.info, finest.info);
    if (!place) throw differentGrids(reader.info, finest.info);
    const placed = { reader, ...place, firstBand };
    firstBand += reader.info.bands.length;
    return placed;
  });
  const info: RasterInfo = {
    ...finest.info,
    bands: readers.flatMap((reader) => reader.info.bands).map((band, i) => ({ ...band, index: i + 1 })),
    warnings: readers.flatMap((reader) => reader.info.warnings),
  };
  const read = async (
    bands: readonly number[],
    size: { width: number; height: number },
    readFile: (file: Placement, bands: readonly number[]) => Promise<WindowPixels>,
  ): Promise<WindowPixels> => {
    assertBands(bands, info);
    const pixels = new Map<number, PixelArray>();
    const valid = new Uint8Array(size.width * size.height).fill(1);
    for (const file of files) {
      const last = file.firstBand + file.reader.info.bands.length;
      const own = bands.filter((band) => band > file.firstBand && band <= last);
      if (own.length === 0) continue;
      const part = await readFile(
        file,
        own.map((band) => band - file.firstBand),
      );
      own.forEach((band, i) => {
        pixels.set(band, must(part.bands[i], 'band'));
      });
      for (let i = 0; i < valid.length; i++) if (part.valid[i] === 0) valid[i] = 0;
    }
    return { ...size, bands: bands.map((band) => must(pixels.get(band), `band ${band}`)), valid };
  };
  const all = info.bands.map((band) => band.index);
  return {
    info,
    readWindow: (window, bands = all) => read(bands, window, (file, own) => readNearest(file, window, own)),
    readResampled: (window, width, height, bands = all, method) =>
      read(bands, { width, height }, (file, own) =>
        file.reader.readResampled(inFile(file, window), width, height, own, method),
      ),
    async dispose() {
      for (const reader of readers) await reader.dispose();
    },
  };
}

/** null unless both cover the same area with parallel axes, to half a pixel of the coarser. */
function placeFile(info: RasterInfo, finest: RasterInfo): Pick<Placement, 'x' | 'y'> | null {
  const alike = (info.crs?.epsg ?? null) === (finest.crs?.epsg ?? null);
  if (!info.geotransform || !finest.geotransform) {
    // Without coordinates only files of one size are known to show one area.
    if (info.width === finest.width && info.height === finest.height)
      return { x: { origin: 0, ratio: 1 }, y: { origin: 0, ratio: 1 } };
    return null;
  }
  const a = axes(info.geotransform);
  const b = axes(finest.geotransform);
  if (!alike || !a || !b) return null;
  const place = (axis: 'x' | 'y', size: number, finestSize: number) => {
    const ratio = b[axis].step / a[axis].step;
    const origin = (b[axis].origin - a[axis].origin) / a[axis].step;
    // Half a pixel at either end: tiles of 20 m and 10 m bands may end a little apart.
    const fits = ratio > 0 && Math.abs(origin) <= 0.5 && Math.abs(origin + ratio * finestSize - size) <= 1;
    return fits ? { origin, ratio } : null;
  };
  const [x, y] = [place('x', info.width, finest.width), place('y', info.height, finest.height)];
  return x && y && { x, y };
}

/** Origin and step per axis; undefined for a rotated grid. */
function axes([x, dx, rx, y, ry, dy]: Geotransform) {
  return rx === 0 && ry === 0 ? { x: { origin: x, step: dx }, y: { origin: y, step: dy } } : undefined;
}

function differentGrids(info: RasterInfo, finest: RasterInfo): AppError {
  const size = (i: RasterInfo) => `${i.width} × ${i.height} pixels of ${i.crs?.name ?? 'no CRS'}`;
  return new AppError(
    'mismatch',
    `The files of one scene must cover the same area: ${info.path} has ${size(info)}, ${finest.path} has ${size(finest)}`,
    { subject: info.path, remedy: 'Add files of another area or date as a scene of their own.' },
  );
}

async function readNearest(file: Placement, window: Window, bands: readonly number[]): Promise<WindowPixels> {
  const { x, y, reader } = file;
  if (x.origin === 0 && x.ratio === 1 && y.origin === 0 && y.ratio === 1)
    return reader.readWindow(window, bands);
  const columns = nearestLine(x, window.col, window.width, reader.info.width);
  const rows = nearestLine(y, window.row, window.height, reader.info.height);
  const col = columns[0] as number;
  const row = rows[0] as number;
  const width = (columns.at(-1) as number) - col + 1;
  const height = (rows.at(-1) as number) - row + 1;
  const part = await reader.readWindow({ col, row, width, height }, bands);
  const gather = <T extends PixelArray>(from: T, to: T): T => {
    let o = 0;
    for (const r of rows) for (const c of columns) to[o++] = from[(r - row) * width + c - col] as number;
    return to;
  };
  const count = window.width * window.height;
  const emptyLike = (values: PixelArray) => new (values.constructor as new (n: number) => PixelArray)(count);
  return {
    width: window.width,
    height: window.height,
    bands: part.bands.map((values) => gather(values, emptyLike(values))),
    valid: gather(part.valid, new Uint8Array(count)),
  };
}

/** The file's pixel under the centre of each pixel of a line of the grid; the border pixel where it ends a little early. */
function nearestLine(
  axis: { origin: number; ratio: number },
  start: number,
  count: number,
  size: number,
): number[] {
  return Array.from({ length: count }, (_, i) => {
    const at = Math.floor(axis.origin + axis.ratio * (start + i + 0.5));
    return Math.min(size - 1, Math.max(0, at));
  });
}

/** The window in a file's own pixels, to the nearest: for pictures, where half a pixel does not show. */
function inFile({ x, y, reader }: Placement, window: Window): Window {
  const { width, height } = reader.info;
  const col = Math.min(width - 1, Math.max(0, Math.round(x.origin + x.ratio * window.col)));
  const row = Math.min(height - 1, Math.max(0, Math.round(y.origin + y.ratio * window.row)));
  return {
    col,
    row,
    width: Math.max(1, Math.min(width - col, Math.round(x.ratio * window.width))),
    height: Math.max(1, Math.min(height - row, Math.round(y.ratio * window.height))),
  };
}

function assertBands(bands: readonly number[], info: RasterInfo): void {
  const wrong = bands.find((band) => !Number.isInteger(band) || band < 1 || band > info.bands.length);
  if (wrong !== undefined) {
    throw new AppError('bad-input', `There is no band ${wrong}: the scene has ${info.bands.length}`, {
      subject: info.path,
      remedy: `Give bands from 1 to ${info.bands.length}.`,
    });
  }
}
