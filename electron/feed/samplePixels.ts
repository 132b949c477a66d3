import { AppError } from '../base/errors.ts';
import type { RasterReader } from '../raster/types.ts';
import type { PixelSample } from './chooseTransforms.ts';
import type { Places } from './places.ts';

/**
 * Valid pixels of squares at the run's own kind of places, so that statistics are those of the chosen regions.
 * `bands[scene]` are the bands to read there, from 1. 400 squares of 16 × 16 pixels are
 * a hundred thousand. Errors: those of reading.
 */
export async function samplePixels(
  readers: readonly Pick<RasterReader, 'info' | 'readWindow'>[],
  bands: readonly (readonly number[])[],
  places: Places,
  signal?: AbortSignal,
  squares = 400,
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
  const scaled = readers.some(({ info }) =>
    info.bands.some((b) => !b.dtype.startsWith('float') && b.scale !== 1),
  );
  return { bands: out.map((values) => values.subarray(0, count)), count, scaled };
}
