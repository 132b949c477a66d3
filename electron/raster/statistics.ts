import { AppError } from '../base/errors.ts';
import type {
  BandStatistics,
  PixelArray,
  RasterInfo,
  RasterReader,
  RasterStatistics,
  Window,
} from './types.ts';

/** Values held at once over all bands (float64): 64 MiB. */
const valuesHeld = 2 ** 23;
const mostPerBand = 2 ** 21;
const histogramBins = 256;

export interface StatisticsOptions {
  /** The whole raster when absent. */
  readonly window?: Window | undefined;
  readonly bands?: readonly number[] | undefined;
  /** Pixels looked at per band; at most as many as memory allows. */
  readonly maxSamples?: number | undefined;
  /** Done and total, in windows read. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Statistics per band, leaving out nodata, masked and not finite pixels of that band. Exact when all pixels may be
 * looked at; else from windows spread evenly over the raster, and `exact` is false. Percentiles are those of the
 * values looked at (linear between ranks). Memory is bounded whatever the size of the raster.
 * Errors: cancelled; those of `readWindow`.
 */
export async function computeStatistics(
  reader: RasterReader,
  options: StatisticsOptions = {},
): Promise<RasterStatistics> {
  const { info } = reader;
  const window = options.window ?? { col: 0, row: 0, width: info.width, height: info.height };
  const bands = options.bands ?? info.bands.map((band) => band.index);
  const most = Math.max(1, Math.min(options.maxSamples ?? mostPerBand, mostPerBand));
  // Bands beyond what memory holds are done in turns.
  const pixels = Math.min(most, window.width * window.height);
  const bandsAtOnce = Math.max(1, Math.floor(valuesHeld / pixels));
  const windows = sampleWindows(info, window, most);
  const exact = windows.every((w) => w.whole);
  const turns = Math.ceil(bands.length / bandsAtOnce);
  const results: BandStatistics[] = [];
  let looked = 0;
  for (let turn = 0; turn < turns; turn++) {
    const some = bands.slice(turn * bandsAtOnce, (turn + 1) * bandsAtOnce);
    const gathered = some.map(() => new Gathering(pixels));
    looked = 0;
    for (const [i, part] of windows.entries()) {
      if (options.signal?.aborted) throw new AppError('cancelled', 'Statistics were cancelled');
      for (const [b, band] of some.entries()) {
        // Band by band, since a pixel may be nodata in one band only; the block cache makes that cheap.
        const { bands: values, valid } = await reader.readWindow(part.window, [band]);
        (gathered[b] as Gathering).add(values[0] as PixelArray, valid);
      }
      looked += part.window.width * part.window.height;
      options.onProgress?.(turn * windows.length + i + 1, turns * windows.length);
    }
    gathered.forEach((values, b) => {
      results.push(values.summary(some[b] as number));
    });
  }
  return { exact, samples: looked, bands: results };
}

/** Valid values of one band, in the order they came. */
class Gathering {
  private readonly values: Float64Array;
  private count = 0;
  private looked = 0;

  constructor(capacity: number) {
    this.values = new Float64Array(capacity);
  }

  add(pixels: PixelArray, valid: Uint8Array): void {
    this.looked += pixels.length;
    for (let i = 0; i < pixels.length; i++) {
      if (valid[i] !== 0) this.values[this.count++] = pixels[i] as number;
    }
  }

  summary(index: number): BandStatistics {
    const sorted = this.values.subarray(0, this.count).sort();
    const valid = this.looked === 0 ? 0 : this.count / this.looked;
    if (this.count === 0) {
      const histogram = { min: 0, max: 0, counts: new Array<number>(histogramBins).fill(0) };
      return { index, min: 0, max: 0, mean: 0, std: 0, p2: 0, p98: 0, median: 0, valid, histogram };
    }
    const min = sorted[0] as number;
    const max = sorted[this.count - 1] as number;
    let sum = 0;
    for (const value of sorted) sum += value;
    const mean = sum / this.count;
    let squares = 0;
    for (const value of sorted) squares += (value - mean) ** 2;
    return {
      index,
      min,
      max,
      mean,
      std: Math.sqrt(squares / this.count),
      p2: percentile(sorted, 0.02),
      p98: percentile(sorted, 0.98),
      median: percentile(sorted, 0.5),
      valid,
      histogram: histogramOf(sorted, min, max),
    };
  }
}

/** The value below which `share` of the sorted values lie, linear between ranks (as numpy's default). */
export function percentile(sorted: Float64Array, share: number): number {
  const rank = share * (sorted.length - 1);
  const low = Math.floor(rank);
  const a = sorted[low] as number;
  const b = sorted[Math.min(low + 1, sorted.length - 1)] as number;
  return a + (b - a) * (rank - low);
}

function histogramOf(sorted: Float64Array, min: number, max: number) {
  const counts = new Array<number>(histogramBins).fill(0);
  const perBin = (max - min) / histogramBins;
  for (const value of sorted) {
    const bin = perBin > 0 ? Math.min(histogramBins - 1, Math.floor((value - min) / perBin)) : 0;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { min, max, counts };
}

interface SampleWindow {
  readonly window: Window;
  /** Whether these windows together are all of the raster. */
  readonly whole: boolean;
}

/** Windows along the block grid: all of them when they are few enough, else an even spread that stays within `most`. */
function sampleWindows(info: RasterInfo, window: Window, most: number): SampleWindow[] {
  const width = Math.min(window.width, Math.max(info.tile.width, 256), 1024);
  const height = Math.min(window.height, Math.max(info.tile.height, 256), 1024);
  const across = Math.ceil(window.width / width);
  const down = Math.ceil(window.height / height);
  const at = (c: number, r: number): Window => ({
    col: window.col + c * width,
    row: window.row + r * height,
    width: Math.min(width, window.width - c * width),
    height: Math.min(height, window.height - r * height),
  });
  if (window.width * window.height <= most) {
    return Array.from({ length: across * down }, (_, i) => ({
      window: at(i % across, Math.floor(i / across)),
      whole: true,
    }));
  }
  // A raster with few, large blocks: small windows inside them still show more places than one block would.
  const side = Math.max(1, Math.min(width, height, Math.floor(Math.sqrt(most / 64))));
  const wanted = Math.max(1, Math.min(64, Math.floor(most / (side * side))));
  const columns = Math.max(
    1,
    Math.min(Math.floor(Math.sqrt((wanted * window.width) / window.height)), wanted),
  );
  const rows = Math.max(1, Math.floor(wanted / columns));
  const spread = (i: number, count: number, length: number) =>
    count === 1 ? Math.floor((length - side) / 2) : Math.round((i * (length - side)) / (count - 1));
  return Array.from({ length: columns * rows }, (_, i) => ({
    window: {
      col: window.col + Math.max(0, spread(i % columns, columns, window.width)),
      row: window.row + Math.max(0, spread(Math.floor(i / columns), rows, window.height)),
      width: Math.min(side, window.width),
      height: Math.min(side, window.height),
    },
    whole: false,
  }));
}
