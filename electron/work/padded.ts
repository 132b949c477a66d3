import { AppError } from '../base/errors.ts';
import type { PixelArray, RasterReader, Window, WindowPixels } from '../raster/types.ts';
import { intersect, isEmpty } from './blocks.ts';

/** What dense work needs of an open scene. */
export type SceneReader = Pick<RasterReader, 'info' | 'readWindow'>;

export interface PaddedPixels extends WindowPixels {
  /** 1 where the pixel belongs to the scene and is valid; the mirrored border is 0. */
  readonly real: Uint8Array;
}

/**
 * Pixels of a window that may reach over the scene's border: beyond it the scene is mirrored (without repeating the
 * edge pixel), so that a convolution sees texture instead of a cliff. Only the scene's border is mirrored, never a
 * block's, so blocks join without seams. Errors: bad-input for a window that does not meet the scene.
 */
export async function readPadded(
  reader: SceneReader,
  window: Window,
  bands: readonly number[],
): Promise<PaddedPixels> {
  const { width: sceneWidth, height: sceneHeight, path } = reader.info;
  const inside = intersect(window, { col: 0, row: 0, width: sceneWidth, height: sceneHeight });
  if (isEmpty(inside))
    throw new AppError('bad-input', 'The window lies outside the scene', { subject: path });
  const pixels = await reader.readWindow(inside, bands);
  if (inside.width === window.width && inside.height === window.height) {
    return { ...pixels, real: pixels.valid };
  }
  const cols = mirrored(window.col, window.width, sceneWidth, inside.col, inside.width);
  const rows = mirrored(window.row, window.height, sceneHeight, inside.row, inside.height);
  const count = window.width * window.height;
  const gather = <T extends PixelArray>(from: T, to: T): T => {
    let i = 0;
    for (const row of rows) for (const col of cols) to[i++] = from[row * inside.width + col] as number;
    return to;
  };
  const real = new Uint8Array(count);
  for (let y = 0; y < inside.height; y++) {
    const to = (y + inside.row - window.row) * window.width + inside.col - window.col;
    real.set(pixels.valid.subarray(y * inside.width, (y + 1) * inside.width), to);
  }
  return {
    width: window.width,
    height: window.height,
    bands: pixels.bands.map((band) => gather(band, sameKind(band, count))),
    valid: gather(pixels.valid, new Uint8Array(count)),
    real,
  };
}

function sameKind(band: PixelArray, length: number): PixelArray {
  const Kind = band.constructor as new (length: number) => PixelArray;
  return new Kind(length);
}

/**
 * For each position of a run, the index into the part that was read. Positions so far outside that their mirror was
 * not read (the overhang of a last block) take the nearest pixel: nothing in the scene depends on them.
 */
function mirrored(
  start: number,
  length: number,
  size: number,
  readStart: number,
  readLength: number,
): number[] {
  const period = Math.max(1, 2 * (size - 1));
  return Array.from({ length }, (_, i) => {
    const folded = (((start + i) % period) + period) % period;
    const position = folded < size ? folded : period - folded;
    return Math.min(readLength - 1, Math.max(0, position - readStart));
  });
}
