import { AppError } from '../base/errors.ts';

/**
 * Why a raster is refused: a closed list, so that a table, a test and a dialog can name it. `message` of the error says
 * it in words with the value found; `refusalOf` gives the reason back.
 */
export const refusals = [
  'not-geotiff', // another format, text, an empty file
  'cut-short', // tables or blocks lie beyond the end of the file
  'damaged', // numbers that contradict each other, or a block that does not decode
  'compression', // a compression Swath does not read
  'sample-type', // complex numbers, void, or an odd number of bits
  'layout', // subsampled colours without JPEG, samples of different sizes
  'too-large', // one block alone would not fit the memory bound
] as const;
export type Refusal = (typeof refusals)[number];

const remedies: Record<Refusal, string> = {
  'not-geotiff': 'Convert it with gdal_translate, or choose a .tif file.',
  'cut-short': 'Copy or download it again.',
  damaged: 'The file is damaged; get another copy.',
  compression: 'Rewrite it with gdal_translate -co COMPRESS=DEFLATE.',
  'sample-type': 'Rewrite it with real numbers of 8, 16, 32 or 64 bits (gdal_translate -ot).',
  layout: 'Rewrite it with gdal_translate.',
  'too-large': 'Rewrite it in tiles with gdal_translate -co TILED=YES.',
};

const reasonOf = new WeakMap<AppError, Refusal>();

/** A raster (or a part of it) that cannot be read. Code `unsupported` when it is valid, else `bad-input`. */
export function refuse(reason: Refusal, message: string, path?: string, cause?: unknown): AppError {
  const valid =
    reason === 'compression' || reason === 'sample-type' || reason === 'layout' || reason === 'too-large';
  const error = new AppError(
    valid ? 'unsupported' : 'bad-input',
    path === undefined ? message : `${message} (${path})`,
    {
      subject: path,
      remedy: remedies[reason],
      cause,
    },
  );
  reasonOf.set(error, reason);
  return error;
}

/** The reason an error of this room carries; undefined for any other error. */
export function refusalOf(error: unknown): Refusal | undefined {
  return error instanceof AppError ? reasonOf.get(error) : undefined;
}
