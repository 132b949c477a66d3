import { AppError } from '../base/errors.ts';
import type { RasterReader } from '../raster/types.ts';
import type { PixelSample } from './chooseTransforms.ts';
import type { Places } from './places.ts';

/** Squares read for a normalisation; with 16 × 16 pixels each, about a hundred thousand pixels. */
const squares = 400;

/**
 * Valid pixels of squares at the run's own kind of places, so that statistics are those of the chosen regions.
 * `bands[scene]` are the bands to read there, from 1. Errors: those of reading.
 */
export async function samplePixels(
  readers: readonly RasterReader[],
  bands: readonly (readonly number[])[],
  places: Places,
  signal?: AbortSignal,
): Promise<PixelSample> {
  const channels = bands[0]?.length ?? 0;
  const capacity = squares * places.side ** 2;
  const out = Array.from({ length: channels }, () => new Float32Array(capacity));
  let count = 0;
  for (let n = 0; n < squares; n++) {
    signal?.throwIfAborted();
    const place = places.at(n, 0);
    const reader = readers[place.scene];
    if (!reader) throw new AppError('internal', `No scene ${place.scene}`);
    const window = { col: place.col, row: place.row, width: places.side, height: places.side };
    const pixels = await reader.readWindow(window, bands[place.scene]);
    for (let i = 0; i < pixels.valid.length; i++) {
      if (!pixels.valid[i]) continue;
      for (let b = 0; b < channels; b++) (out[b] as Float32Array)[count] = pixels.bands[b]?.[i] as number;
      count++;
    }
  }
  return { bands: out.map((values) => values.subarray(0, count)), count };
}
