import { must } from '../base/assert.ts';
import { AppError } from '../base/errors.ts';
import type { RasterReader } from '../raster/types.ts';

/**
 * Some bands of a raster as a raster of their own, counted from 1 anew: one date of a file that holds several.
 * Errors: bad-input for a band that is not there, or one that is named twice.
 */
export function pickBands(reader: RasterReader, picked: readonly number[]): RasterReader {
  const { bands } = reader.info;
  const wrong = picked.find((band, i) => bands[band - 1] === undefined || picked.indexOf(band) !== i);
  if (wrong !== undefined) {
    throw new AppError('bad-input', `Band ${wrong} cannot be picked from ${picked.join(', ')}`, {
      subject: reader.info.path,
      remedy: `Name each band once, from 1 to ${bands.length}.`,
    });
  }
  const all = picked.map((_, i) => i + 1);
  const own = (chosen: readonly number[] = all) =>
    chosen.map((band) => must(picked[band - 1], `band ${band}`));
  return {
    info: {
      ...reader.info,
      bands: picked.map((band, i) => ({ ...must(bands[band - 1], 'band'), index: i + 1 })),
    },
    readWindow: (window, chosen) => reader.readWindow(window, own(chosen)),
    readResampled: (window, width, height, chosen, method) =>
      reader.readResampled(window, width, height, own(chosen), method),
    dispose: () => reader.dispose(),
  };
}
