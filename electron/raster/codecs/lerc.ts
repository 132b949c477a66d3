import { getDecoder } from 'geotiff';
import { refuse } from '../refusal.ts';
import { decodeDeflate, decodeZstd } from './zlib.ts';

/** What is asked of a block beside its bytes. */
interface Format {
  readonly dtype: string;
  readonly separate: boolean;
  readonly blockWidth: number;
  readonly blockHeight: number;
}

/**
 * LERC, alone or within Deflate or ZSTD (geotiff.js and Esri's lerc). `parameters` are the two values of tag 50674:
 * version and added compression. Floats that the block's own mask leaves out become NaN, as in libtiff.
 * Errors: damaged; compression, for 32-bit unsigned pixels, which lerc cannot read.
 */
export async function decodeLerc(
  data: Uint8Array,
  expected: number,
  parameters: readonly number[],
  format: Format,
): Promise<Uint8Array> {
  const blob = await unwrapped(data, expected, parameters[1] ?? 0);
  if (format.dtype === 'uint32') throw refuse('compression', 'LERC of 32-bit unsigned integers is not read');
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
  const mask = readMask(blob);
  if (!mask) return;
  const { buffer, byteOffset, byteLength } = bytes;
  const values =
    dtype === 'float64'
      ? new Float64Array(buffer, byteOffset, byteLength / 8)
      : new Float32Array(buffer, byteOffset, byteLength / 4);
  const depth = Math.floor(values.length / mask.pixels);
  for (let i = 0; i < mask.pixels; i++) {
    if ((mask.bits[i >> 3] ?? 0) & (0x80 >> (i & 7))) continue;
    values.fill(Number.NaN, i * depth, (i + 1) * depth);
  }
}

/** The mask of a LERC 2 blob, most significant bit first; null when every pixel is valid. */
function readMask(blob: Uint8Array): { bits: Uint8Array; pixels: number } | null {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  if (String.fromCharCode(...blob.subarray(0, 6)) !== 'Lerc2 ') return null;
  const version = view.getInt32(6, true);
  // Version 3 adds a checksum, 4 the depth, 6 a count, four flags and two values of nodata.
  const sizes = version >= 3 ? 14 : 10;
  const pixels = view.getInt32(sizes, true) * view.getInt32(sizes + 4, true);
  const counts = sizes + (version >= 4 ? 12 : 8);
  const valid = view.getInt32(counts, true);
  if (valid === pixels) return null;
  const bits = new Uint8Array(Math.ceil(pixels / 8));
  let at = counts + 16 + (version >= 6 ? 8 : 0) + 24 + (version >= 6 ? 16 : 0);
  const end = at + 4 + view.getInt32(at, true);
  at += 4;
  // Runs: n > 0 bytes as they are, or −n times the next one.
  for (let to = 0; at + 2 <= end && to < bits.length; ) {
    const run = view.getInt16(at, true);
    at += 2;
    if (run === -32768) break;
    if (run > 0) {
      bits.set(blob.subarray(at, at + Math.min(run, bits.length - to)), to);
      at += run;
    } else bits.fill(blob[at++] ?? 0, to, to - run);
    to += Math.abs(run);
  }
  return { bits, pixels };
}
