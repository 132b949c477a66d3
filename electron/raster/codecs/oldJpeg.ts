import { refuse } from '../refusal.ts';
import { type YcbcrFormat, ycbcrConverter } from './colour.ts';
import { decodeJpegPlanes, emptyTables } from './jpeg.ts';

/** The tags of TIFF 6.0 section 22: either a whole stream, or tables beside bare entropy-coded data. */
export interface OldJpeg {
  /** The stream that JPEGInterchangeFormat points to. */
  readonly stream: Uint8Array | null;
  /** 64 values per component in zigzag order. */
  readonly quantisation: readonly Uint8Array[];
  /** 16 counts and their symbols per component. */
  readonly dc: readonly Uint8Array[];
  readonly ac: readonly Uint8Array[];
}

/**
 * Old-style JPEG (compression 6) with three components → interleaved RGB; chroma is repeated and converted by the TIFF's
 * own black and white points, as libtiff does. Errors: damaged, compression.
 */
export function decodeOldJpeg(
  block: Uint8Array,
  width: number,
  height: number,
  old: OldJpeg,
  colour: YcbcrFormat,
): Uint8Array {
  const stream = old.stream ?? wrapped(block, width, height, old, colour);
  const frame = decodeJpegPlanes(stream, emptyTables(), { width, height, samples: 3 });
  const convert = ycbcrConverter(colour);
  const out = new Uint8Array(width * height * 3);
  const [first, second, third] = frame.components.map(({ plane, h, v }) => ({
    ...plane,
    across: frame.maxH / h,
    down: frame.maxV / v,
  }));
  if (!first || !second || !third) throw refuse('damaged', 'An old-style JPEG block lacks a component');
  const sample = (plane: typeof first, x: number, y: number) =>
    plane.samples[Math.floor(y / plane.down) * plane.stride + Math.floor(x / plane.across)] as number;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      convert(sample(first, x, y), sample(second, x, y), sample(third, x, y), out, (y * width + x) * 3);
    }
  }
  return out;
}

/** A JPEG stream around bare data: the tables, a baseline frame of three components, one scan. */
function wrapped(
  data: Uint8Array,
  width: number,
  height: number,
  old: OldJpeg,
  { h, v }: YcbcrFormat,
): Uint8Array {
  if (old.quantisation.length < 3 || old.dc.length < 3 || old.ac.length < 3) {
    throw refuse('compression', 'The old-style JPEG tables are not complete');
  }
  const parts: number[] = [0xff, 0xd8];
  const segment = (marker: number, body: readonly number[]) =>
    parts.push(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, ...body);
  for (let c = 0; c < 3; c++) {
    segment(0xdb, [c, ...(old.quantisation[c] ?? [])]);
    segment(0xc4, [c, ...(old.dc[c] ?? [])]);
    segment(0xc4, [0x10 | c, ...(old.ac[c] ?? [])]);
  }
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  segment(0xc0, [8, ...size, 3, 1, (h << 4) | v, 0, 2, 0x11, 1, 3, 0x11, 2]);
  segment(0xda, [3, 1, 0x00, 2, 0x11, 3, 0x22, 0, 63, 0]);
  const stream = new Uint8Array(parts.length + data.length + 2);
  stream.set(parts);
  stream.set(data, parts.length);
  stream.set([0xff, 0xd9], parts.length + data.length);
  return stream;
}
