/** The head of a LERC 2 blob (Esri's specification, Apache-2.0): sizes, ranges, and which pixels there are. */
import { refuse } from '../refusal.ts';

export interface LercBlob {
  readonly version: number;
  readonly pixels: number;
  readonly width: number;
  readonly height: number;
  /** Values of a pixel. */
  readonly depth: number;
  /** Pixels that hold something. */
  readonly valid: number;
  readonly blockSide: number;
  readonly maxError: number;
  readonly low: number;
  readonly high: number;
  /** One bit a pixel, most significant first; null when every pixel holds something. */
  readonly mask: Uint8Array | null;
  /** Where the data begin. */
  readonly dataAt: number;
}

/** null for anything but LERC 2. Errors: damaged, for one that ends before its data. */
export function readLercBlob(blob: Uint8Array): LercBlob | null {
  if (String.fromCharCode(...blob.subarray(0, 6)) !== 'Lerc2 ') return null;
  if (blob.length < 10) throw cutShort();
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const version = view.getInt32(6, true);
  // Version 3 adds a checksum, 4 the depth, 6 a count, four flags and two values of nodata.
  const sizes = version >= 3 ? 14 : 10;
  const counts = sizes + (version >= 4 ? 12 : 8);
  const ranges = counts + 16 + (version >= 6 ? 8 : 0);
  const maskAt = ranges + 24 + (version >= 6 ? 16 : 0);
  if (blob.length < maskAt + 4) throw cutShort();
  const height = view.getInt32(sizes, true);
  const width = view.getInt32(sizes + 4, true);
  const depth = version >= 4 ? view.getInt32(sizes + 8, true) : 1;
  const valid = view.getInt32(counts, true);
  const maskBytes = view.getInt32(maskAt, true);
  const dataAt = maskAt + 4 + maskBytes;
  if (width < 1 || height < 1 || depth < 1 || maskBytes < 0 || dataAt > blob.length) {
    throw refuse('damaged', 'The head of a LERC block contradicts itself');
  }
  return {
    version,
    pixels: width * height,
    ...{ width, height, depth, valid },
    blockSide: view.getInt32(counts + 4, true),
    maxError: view.getFloat64(ranges, true),
    low: view.getFloat64(ranges + 8, true),
    high: view.getFloat64(ranges + 16, true),
    mask: valid === width * height ? null : readMask(blob, view, maskAt + 4, dataAt, width * height),
    dataAt,
  };
}

const cutShort = () => refuse('damaged', 'A LERC block is cut short');

/** Runs: n > 0 bytes as they are, or −n times the next one. */
function readMask(blob: Uint8Array, view: DataView, from: number, end: number, pixels: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(pixels / 8));
  let at = from;
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
  return bits;
}

export function isSet(mask: Uint8Array | null, pixel: number): boolean {
  return mask === null || ((mask[pixel >> 3] ?? 0) & (0x80 >> (pixel & 7))) !== 0;
}
