/**
 * A raster on the grid of another: every pixel takes the value of the one that its centre falls into. Nearest neighbour
 * on purpose, also for reflectance: no value is invented, codes stay codes, nothing is mixed with nodata at a seam, and
 * pixels that the network learns from stay as noisy as they were measured.
 */
import { AppError } from '../base/errors.ts';
import { pixelSize, toMap, toPixel } from '../raster/affine.ts';
import { type PositionTransform, transformBetween } from '../raster/projection.ts';
import { allocatePixels } from '../raster/tiff/unpack.ts';
import type {
  Crs,
  Geotransform,
  PixelArray,
  RasterInfo,
  RasterReader,
  Window,
  WindowPixels,
} from '../raster/types.ts';

/** A grid without rotation. */
export interface Grid {
  readonly crs: Crs;
  readonly geotransform: Geotransform;
}

/** Pixels of a side that are put together at once. */
const chunk = 512;
/** Positions are computed at every so many pixels and in between drawn straight: off by less than 1/100 pixel. */
const step = 16;
/** Points along each edge that say how far a raster reaches on the grid. */
const edgePoints = 32;

/** Errors: unsupported without a way between the CRSs; mismatch for pixels of quite another size, or out of reach. */
export function warpTo(reader: RasterReader, grid: Grid): RasterReader {
  const { info } = reader;
  const [place, crs] = [info.geotransform, info.crs];
  if (!place || !crs) throw unplaced(info, 'it has no coordinates');
  const extent = extentOn(grid, info, place, transformBetween(crs, grid.crs));
  const [x, dx, , y, , dy] = grid.geotransform;
  const geotransform: Geotransform = [x + extent.col * dx, dx, 0, y + extent.row * dy, 0, dy];
  const back = transformBetween(grid.crs, crs);
  const toSource: PositionTransform = (col, row) => {
    const [east, north] = toMap(geotransform, col, row);
    const [u, v] = back(east, north);
    return toPixel(place, u, v);
  };
  const warped: RasterInfo = {
    ...info,
    width: extent.width,
    height: extent.height,
    crs: grid.crs,
    geotransform,
    overviews: [],
    warnings: [
      ...info.warnings,
      `${info.path} is brought from ${crs.name ?? 'its own grid'} to ${grid.crs.name ?? 'the common grid'} by nearest neighbour.`,
    ],
  };
  const all = info.bands.map((band) => band.index);

  async function read(
    window: Window,
    width: number,
    height: number,
    bands: readonly number[],
    method: 'nearest' | 'average',
  ): Promise<WindowPixels> {
    const out = {
      width,
      height,
      bands: bands.map((band) => allocatePixels(info.bands[band - 1]?.dtype ?? 'uint8', width * height)),
      valid: new Uint8Array(width * height),
    };
    for (let top = 0; top < height; top += chunk) {
      for (let left = 0; left < width; left += chunk) {
        const part = {
          col: left,
          row: top,
          width: Math.min(chunk, width - left),
          height: Math.min(chunk, height - top),
        };
        await fill(
          reader,
          lattice(window, out, part, toSource),
          part,
          window.width / width,
          bands,
          method,
          out,
        );
      }
    }
    return out;
  }
  return {
    info: warped,
    readWindow: (window, bands = all) => read(window, window.width, window.height, bands, 'nearest'),
    readResampled: (window, width, height, bands = all, method) => read(window, width, height, bands, method),
    dispose: () => reader.dispose(),
  };
}

/** Source positions at every `step`th pixel centre of a part of the picture, and at its last. */
interface Lattice {
  readonly across: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

function lattice(
  window: Window,
  size: { width: number; height: number },
  part: Window,
  toSource: PositionTransform,
): Lattice {
  const across = Math.ceil((part.width - 1) / step) + 1;
  const down = Math.ceil((part.height - 1) / step) + 1;
  const x = new Float64Array(across * down);
  const y = new Float64Array(across * down);
  for (let j = 0; j < down; j++) {
    const row = window.row + ((part.row + j * step + 0.5) * window.height) / size.height;
    for (let i = 0; i < across; i++) {
      const col = window.col + ((part.col + i * step + 0.5) * window.width) / size.width;
      [x[j * across + i], y[j * across + i]] = toSource(col, row);
    }
  }
  return { across, x, y };
}

/** Reads what the part needs of the source, reduced `factor` times, and picks from it. */
async function fill(
  reader: RasterReader,
  at: Lattice,
  part: Window,
  factor: number,
  bands: readonly number[],
  method: 'nearest' | 'average',
  out: WindowPixels & { readonly bands: PixelArray[] },
): Promise<void> {
  const { info } = reader;
  const needed = covered(at, info);
  if (!needed) return;
  const shrink = Math.max(1, factor);
  const width = Math.max(1, Math.round(needed.width / shrink));
  const height = Math.max(1, Math.round(needed.height / shrink));
  const source =
    shrink === 1
      ? await reader.readWindow(needed, bands)
      : await reader.readResampled(needed, width, height, bands, method);
  const [sx, sy] = [source.width / needed.width, source.height / needed.height];
  for (let row = 0; row < part.height; row++) {
    for (let col = 0; col < part.width; col++) {
      const u = between(at.x, at.across, col, row);
      const v = between(at.y, at.across, col, row);
      // Also false for what is not a number: beyond the reach of a projection.
      if (!(u >= 0 && v >= 0 && u < info.width && v < info.height)) continue;
      const from =
        Math.min(source.height - 1, Math.floor((v - needed.row) * sy)) * source.width +
        Math.min(source.width - 1, Math.floor((u - needed.col) * sx));
      if (source.valid[from] === 0) continue;
      const to = (part.row + row) * out.width + part.col + col;
      out.valid[to] = 1;
      for (let b = 0; b < bands.length; b++) {
        (out.bands[b] as PixelArray)[to] = (source.bands[b] as PixelArray)[from] as number;
      }
    }
  }
}

/** The value of a lattice between its nodes. */
function between(values: Float64Array, across: number, col: number, row: number): number {
  const [i, j] = [Math.floor(col / step), Math.floor(row / step)];
  const [fx, fy] = [col / step - i, row / step - j];
  const node = j * across + i;
  const right = fx > 0 ? 1 : 0;
  const below = fy > 0 ? across : 0;
  const top = (values[node] as number) * (1 - fx) + (values[node + right] as number) * fx;
  const bottom = (values[node + below] as number) * (1 - fx) + (values[node + below + right] as number) * fx;
  return top * (1 - fy) + bottom * fy;
}

/** The source pixels under a lattice, with one to spare on each side; null when it lies beside the source. */
function covered({ x, y }: Lattice, info: RasterInfo): Window | null {
  const range = (values: Float64Array, size: number) => {
    const finite = values.filter(Number.isFinite);
    const first = Math.max(0, Math.floor(min(finite)) - 1);
    return { first, count: Math.min(size, Math.ceil(max(finite)) + 1) - first };
  };
  const [cols, rows] = [range(x, info.width), range(y, info.height)];
  if (!(cols.count > 0 && rows.count > 0)) return null;
  return { col: cols.first, row: rows.first, width: cols.count, height: rows.count };
}

const min = (values: Float64Array) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const max = (values: Float64Array) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

/** The pixels of the grid that the raster reaches, from its edges. */
function extentOn(grid: Grid, info: RasterInfo, place: Geotransform, forward: PositionTransform): Window {
  const cols: number[] = [];
  const rows: number[] = [];
  for (let i = 0; i <= edgePoints; i++) {
    const [across, down] = [(info.width * i) / edgePoints, (info.height * i) / edgePoints];
    for (const [col, row] of [
      [across, 0],
      [across, info.height],
      [0, down],
      [info.width, down],
    ] as const) {
      const [x, y] = forward(...toMap(place, col, row));
      const [gridCol, gridRow] = toPixel(grid.geotransform, x, y);
      cols.push(gridCol);
      rows.push(gridRow);
    }
  }
  if (![...cols, ...rows].every(Number.isFinite))
    throw unplaced(info, 'it lies beyond the reach of that projection');
  assertPixelSize(grid, info, place, forward);
  const col = Math.floor(Math.min(...cols));
  const row = Math.floor(Math.min(...rows));
  return { col, row, width: Math.ceil(Math.max(...cols)) - col, height: Math.ceil(Math.max(...rows)) - row };
}

function assertPixelSize(
  grid: Grid,
  info: RasterInfo,
  place: Geotransform,
  forward: PositionTransform,
): void {
  const [col, row] = [info.width / 2, info.height / 2];
  const [x, y] = forward(...toMap(place, col, row));
  const side = (toCol: number, toRow: number) => {
    const [u, v] = forward(...toMap(place, toCol, toRow));
    return Math.hypot(u - x, v - y);
  };
  const wanted = pixelSize(grid.geotransform);
  const ratios = [side(col + 1, row) / wanted.width, side(col, row + 1) / wanted.height];
  if (ratios.every((ratio) => ratio > 0.8 && ratio < 1.25)) return;
  throw unplaced(
    info,
    `its pixels are ${ratios.map((ratio) => ratio.toFixed(2)).join(' × ')} times as large`,
  );
}

function unplaced(info: RasterInfo, why: string): AppError {
  return new AppError('mismatch', `${info.path} cannot be joined to the other tiles: ${why}`, {
    subject: info.path,
    remedy: 'Add it as a scene of its own, or bring it to their grid with gdalwarp.',
  });
}
