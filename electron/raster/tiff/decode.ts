import { cmykToRgba, ycbcrUnitsToRgb } from '../codecs/colour.ts';
import { decodeFax } from '../codecs/fax.ts';
import { decodeJpeg } from '../codecs/jpeg.ts';
import { decodeLerc } from '../codecs/lerc.ts';
import { decodeLogLuv } from '../codecs/logLuv.ts';
import { decodeLzw } from '../codecs/lzw.ts';
import { decodeOldJpeg } from '../codecs/oldJpeg.ts';
import { decodePackBits } from '../codecs/packBits.ts';
import { decodeWebp } from '../codecs/webp.ts';
import { decodeDeflate, decodeZstd } from '../codecs/zlib.ts';
import { refuse } from '../refusal.ts';
import type { PixelArray } from '../types.ts';
import type { CodecTables } from './codecTables.ts';
import { codedBytes, type Layout, planeSamples } from './layout.ts';
import { undoPredictor } from './predictor.ts';
import { compression, compressionName, photometric } from './tags.ts';
import { swapBytes, unpack } from './unpack.ts';

/** Whether blocks of this compression can be decoded here; asked once, when the file is opened. */
export function isReadable(layout: Layout): boolean {
  return readable.has(layout.compression);
}
const readable = new Set<number>([
  compression.none,
  compression.lzw,
  compression.packBits,
  compression.deflate,
  compression.deflateOld,
  compression.zstd,
  compression.lerc,
  compression.jpeg,
  compression.webp,
  compression.ccittRle,
  compression.fax3,
  compression.fax4,
  compression.oldJpeg,
  compression.sgiLog,
]);

/**
 * A stored block → band-separate pixels [samples × rows × blockWidth]. Predictors apply to LZW, Deflate and ZSTD only,
 * as in libtiff. Errors: damaged (a block that does not decode or is too short).
 */
export async function decodeBlock(
  stored: Uint8Array,
  layout: Layout,
  rows: number,
  tables: CodecTables,
): Promise<PixelArray> {
  const samples = planeSamples(layout);
  const bytes = aligned(await decompress(stored, layout, codedBytes(layout, rows), rows, tables));
  const size = layout.bits / 8;
  if (!layout.directory.littleEndian && isWhole(layout) && !isNative(layout)) {
    // Predictor 3 keeps its own order of bytes.
    if (!(predicts(layout) && layout.predictor === 3)) swapBytes(bytes, size);
  }
  if (predicts(layout)) {
    assertPredictor(layout);
    undoPredictor(bytes, layout.predictor, codedBytes(layout, 1), samples, layout.bits);
  }
  const shown = converted(bytes, layout, rows, tables);
  return unpack(
    shown,
    layout.dtype,
    layout.bits,
    layout.blockWidth,
    rows,
    layout.separate ? 1 : layout.samples,
  );
}

/** Colours as GDAL shows them. Old-style JPEG has converted its own. */
function converted(bytes: Uint8Array, layout: Layout, rows: number, tables: CodecTables): Uint8Array {
  if (layout.colour === 'cmyk') return cmykToRgba(bytes, layout.blockWidth * rows, layout.storedSamples);
  if (layout.colour !== 'ycbcr' || layout.compression === compression.oldJpeg) return bytes;
  return ycbcrUnitsToRgb(bytes, layout.blockWidth, rows, tables.ycbcr);
}

async function decompress(
  stored: Uint8Array,
  layout: Layout,
  expected: number,
  rows: number,
  tables: CodecTables,
): Promise<Uint8Array> {
  const data = layout.lsbFirst && layout.compression !== compression.jpeg ? reverseBits(stored) : stored;
  switch (layout.compression) {
    case compression.none:
      if (data.length < expected) {
        throw refuse('damaged', `A block holds ${data.length} of ${expected} bytes`);
      }
      return data.slice(0, expected);
    case compression.lzw:
      return decodeLzw(data, expected);
    case compression.packBits:
      return decodePackBits(data, expected);
    case compression.deflate:
    case compression.deflateOld:
      return decodeDeflate(data, expected);
    case compression.zstd:
      return decodeZstd(data, expected);
    case compression.lerc:
      return decodeLerc(data, expected, tables.lercParameters, layout);
    case compression.jpeg:
      return decodeJpeg(data, tables.jpeg, {
        width: layout.blockWidth,
        height: rows,
        samples: planeSamples(layout),
        toRgb: layout.photometric === photometric.ycbcr,
      });
    case compression.webp:
      return decodeWebp(data, layout.blockWidth, rows, layout.samples);
    case compression.ccittRle:
    case compression.fax3:
    case compression.fax4: {
      if (layout.bits !== 1) throw refuse('damaged', `A fax block of ${layout.bits}-bit pixels`);
      const format = { compression: layout.compression, twoDimensional: (tables.faxOptions & 1) === 1 };
      return decodeFax(data, layout.blockWidth * (layout.separate ? 1 : layout.samples), rows, format);
    }
    case compression.oldJpeg: {
      if (!tables.oldJpeg || layout.samples !== 3) throw unreadable(layout);
      return decodeOldJpeg(data, layout.blockWidth, rows, tables.oldJpeg, tables.ycbcr);
    }
    case compression.sgiLog:
      return decodeLogLuv(data, layout.blockWidth, rows, layout.samples);
    default:
      throw unreadable(layout);
  }
}

/** The refusal for a compression that is not read here. */
export function unreadable(layout: Layout, path?: string): Error {
  return refuse('compression', `The compression ${compressionName(layout.compression)} is not read`, path);
}

function predicts(layout: Layout): boolean {
  return (
    layout.predictor !== 1 &&
    (layout.compression === compression.lzw ||
      layout.compression === compression.deflate ||
      layout.compression === compression.deflateOld ||
      layout.compression === compression.zstd)
  );
}

function assertPredictor(layout: Layout): void {
  const { predictor, bits, dtype } = layout;
  const float = dtype.startsWith('float');
  const whole = bits === 8 || bits === 16 || bits === 32 || bits === 64;
  const known = (predictor === 2 && whole) || (predictor === 3 && float);
  if (layout.colour === 'ycbcr' && layout.subsampling.some((n) => n !== 1)) {
    throw refuse('layout', 'The image has subsampled colours with a predictor');
  }
  if (!known) throw refuse('damaged', `Predictor ${predictor} does not go with ${bits}-bit ${dtype} pixels`);
}

/** Values of several whole bytes in the file's order. */
function isWhole({ bits }: Layout): boolean {
  return bits === 16 || bits === 24 || bits === 32 || bits === 64;
}

/** Codecs that hand out values rather than the file's bytes. */
function isNative(layout: Layout): boolean {
  return layout.compression === compression.lerc || layout.compression === compression.sgiLog;
}

/** Typed arrays are laid over the bytes, so these must start on a multiple of 8 and be ours to change. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 && bytes.buffer instanceof ArrayBuffer ? bytes : new Uint8Array(bytes);
}

function reverseBits(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    let b = data[i] as number;
    b = ((b & 0xf0) >> 4) | ((b & 0x0f) << 4);
    b = ((b & 0xcc) >> 2) | ((b & 0x33) << 2);
    out[i] = ((b & 0xaa) >> 1) | ((b & 0x55) << 1);
  }
  return out;
}
