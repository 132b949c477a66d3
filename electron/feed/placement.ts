/** Where the pixels of one grid lie in the files that share its area, and reading them from there. */
import type {
  Geotransform,
  PixelArray,
  RasterInfo,
  RasterReader,
  Window,
  WindowPixels,
} from '../raster/types.ts';

/** Where a pixel of the common grid lies in a file: file = origin + ratio · grid, in pixels, per axis. */
export interface Placement {
  readonly reader: RasterReader;
  readonly x: { readonly origin: number; readonly ratio: number };
  readonly y: { readonly origin: number; readonly ratio: number };
}

/** null unless both cover the same area with parallel axes, to half a pixel of the coarser. */
export function placeFile(info: RasterInfo, finest: RasterInfo): Pick<Placement, 'x' | 'y'> | null {
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

/** The pixels of a window of the grid, each from the nearest pixel of the file: no value is invented. */
export async function readNearest(
  file: Placement,
  window: Window,
  bands: readonly number[],
): Promise<WindowPixels> {
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
export function inFile({ x, y, reader }: Placement, window: Window): Window {
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
