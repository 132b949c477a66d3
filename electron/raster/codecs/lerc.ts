import { getDecoder } from 'geotiff';
import { refuse } from '../refusal.ts';
import { isSet, readLercBlob } from './lercBlob.ts';
import { decodeLercUint32 } from './lercUint32.ts';
import { decodeDeflate, decodeZstd } from './zlib.ts';

/** What is asked of a block beside its bytes. */
interface Format {
  readonly dtype: string;
  readonly separate: boolean;
  readonly blockWidth: number;
  readonly blockHeight: number;
}

/**
 * LERC, alone or within Deflate or ZSTD (geotiff.js and Esri's lerc, and our own for 32-bit unsigned integers). `parameters` are the two values of tag 50674:
 * version and added compression. Floats that the block's own mask leaves out become NaN, as in libtiff.
 * Errors: damaged; compression, for what neither reads.
 */
export async function decodeLerc(
  data: Uint8Array,
  expected: number,
  parameters: readonly number[],
  format: Format,
): Promise<Uint8Array> {
  const blob = await unwrapped(data, expected, parameters[1] ?? 0);
  if (format.dtype === 'uint32') return new Uint8Array(decodeLercUint32(blob, expected / 4).buffer);
  let bytes: Uint8Array;
  try {
    const decoder = await getDecoder(34887, {
      tileWidth: 1,
      tileHeight: 1,
      predictor: 1,
      bitsPerSample: 8,
      planarConfiguration: format.separate ? 2 : 1,
      LercParameters: [parameters[0], 0],
    } as Parameters<typeof getDecoder>[1]);
    bytes = new Uint8Array(await decoder.decode(new Uint8Array(blob).buffer));
    if (format.dtype.startsWith('float')) blankMasked(bytes, blob, format);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw refuse('damaged', `A LERC block does not decode: ${why}`, undefined, error);
  }
  if (bytes.length < expected) {
    throw refuse('damaged', `A LERC block ends after ${bytes.length} of ${expected} bytes`);
  }
  return bytes.subarray(0, expected);
}

/** A blob may be somewhat larger than what it holds: pixels that do not compress, and its tables. */
function unwrapped(data: Uint8Array, expected: number, added: number): Promise<Uint8Array> | Uint8Array {
  if (added === 0) return data;
  if (added !== 1 && added !== 2) throw refuse('compression', `LERC within compression ${added} is not read`);
  return (added === 1 ? decodeDeflate : decodeZstd)(data, expected + 65536, 0);
}

/** Sets the values of masked pixels to NaN. */
function blankMasked(bytes: Uint8Array, blob: Uint8Array, { dtype }: Format): void {
  const head = readLercBlob(blob);
  if (!head?.mask) return;
  const { buffer, byteOffset, byteLength } = bytes;
  const values =
    dtype === 'float64'
      ? new Float64Array(buffer, byteOffset, byteLength / 8)
      : new Float32Array(buffer, byteOffset, byteLength / 4);
  const depth = Math.floor(values.length / head.pixels);
  for (let i = 0; i < head.pixels; i++) {
    if (!isSet(head.mask, i)) values.fill(Number.NaN, i * depth, (i + 1) * depth);
  }
}
