import type { DataType, PixelArray } from '../types.ts';

/** Zeroed pixels of a type as this room holds them: 64-bit integers as float64, 16-bit floats as float32. */
export function allocatePixels(dtype: DataType, length: number): PixelArray {
  switch (dtype) {
    case 'uint8':
      return new Uint8Array(length);
    case 'int8':
      return new Int8Array(length);
    case 'uint16':
      return new Uint16Array(length);
    case 'int16':
      return new Int16Array(length);
    case 'uint32':
      return new Uint32Array(length);
    case 'int32':
      return new Int32Array(length);
    case 'uint64':
    case 'int64':
    case 'float64':
      return new Float64Array(length);
    case 'float16':
    case 'float32':
      return new Float32Array(length);
  }
}

/** Swaps the bytes of every value of `size` bytes in place. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength - (bytes.byteLength % size));
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else if (size === 8) buffer.swap64();
  else {
    for (let i = 0; i + size <= bytes.length; i += size) bytes.subarray(i, i + size).reverse();
  }
}

/**
 * Little-endian bytes of `rows` rows of `width` pixels with `samples` values side by side → band-separate pixels
 * [samples × rows × width]. Widths that are no whole bytes are packed MSB-first, rows padded to a byte.
 */
export function unpack(
  bytes: Uint8Array,
  dtype: DataType,
  bits: number,
  width: number,
  rows: number,
  samples: number,
): PixelArray {
  const plane = width * rows;
  const raw = rawValues(bytes, dtype, bits, width, rows, samples);
  if (samples === 1) return raw;
  const out = allocatePixels(dtype, plane * samples);
  separate(bitsOf(raw), bitsOf(out), plane, samples);
  return out;
}

function separate(raw: PixelArray, out: PixelArray, plane: number, samples: number): void {
  for (let s = 0; s < samples; s++) {
    const base = s * plane;
    for (let i = 0, at = s; i < plane; i++, at += samples) out[base + i] = raw[at] as number;
  }
}

/** The same memory as integers: copying those is quicker than floats, and the engine sees few kinds of arrays. */
function bitsOf(pixels: PixelArray): PixelArray {
  const { buffer, byteOffset, length } = pixels;
  if (pixels.BYTES_PER_ELEMENT === 1) return new Uint8Array(buffer, byteOffset, length);
  if (pixels.BYTES_PER_ELEMENT === 2) return new Uint16Array(buffer, byteOffset, length);
  return pixels.BYTES_PER_ELEMENT === 4 ? new Int32Array(buffer, byteOffset, length) : pixels;
}

/** The values in the order of the file. Aligned types are views on `bytes`, which must start on a multiple of 8. */
function rawValues(
  bytes: Uint8Array,
  dtype: DataType,
  bits: number,
  width: number,
  rows: number,
  samples: number,
): PixelArray {
  const count = width * rows * samples;
  const { buffer, byteOffset } = bytes;
  if (dtype === 'uint8' && bits === 8) return bytes.subarray(0, count);
  if (dtype === 'int8') return new Int8Array(buffer, byteOffset, count);
  if (dtype === 'uint16' && bits === 16) return new Uint16Array(buffer, byteOffset, count);
  if (dtype === 'int16') return new Int16Array(buffer, byteOffset, count);
  if (dtype === 'uint32' && bits === 32) return new Uint32Array(buffer, byteOffset, count);
  if (dtype === 'int32') return new Int32Array(buffer, byteOffset, count);
  if (dtype === 'float32' && bits === 32) return new Float32Array(buffer, byteOffset, count);
  if (dtype === 'float64') return new Float64Array(buffer, byteOffset, count);
  if (dtype === 'uint64') return Float64Array.from(new BigUint64Array(buffer, byteOffset, count), Number);
  if (dtype === 'int64') return Float64Array.from(new BigInt64Array(buffer, byteOffset, count), Number);
  if (dtype === 'float16') return Float32Array.from(new Uint16Array(buffer, byteOffset, count), halfToFloat);
  if (dtype === 'float32') return float24(bytes, count);
  return packedBits(bytes, dtype, bits, width * samples, rows);
}

/** IEEE 754 binary16 as a number. */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** 24-bit floats (1 sign, 7 exponent, 16 fraction; bias 63), which Adobe's technical note 3 defines. */
function float24(bytes: Uint8Array, count: number): Float32Array {
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const low = bytes[i * 3] as number;
    const middle = bytes[i * 3 + 1] as number;
    const high = bytes[i * 3 + 2] as number;
    const sign = high & 0x80 ? -1 : 1;
    const exponent = high & 0x7f;
    const fraction = (middle << 8) | low;
    if (exponent === 0) out[i] = sign * fraction * 2 ** (-62 - 16);
    else if (exponent === 127) out[i] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else out[i] = sign * (1 + fraction / 65536) * 2 ** (exponent - 63);
  }
  return out;
}

function packedBits(
  bytes: Uint8Array,
  dtype: DataType,
  bits: number,
  perRow: number,
  rows: number,
): PixelArray {
  const out = allocatePixels(dtype, perRow * rows);
  const rowBytes = Math.ceil((perRow * bits) / 8);
  let written = 0;
  for (let row = 0; row < rows; row++) {
    let at = row * rowBytes;
    // At most 7 left-over bits and 32 new ones: too many for a 32-bit integer, exact in a double.
    let held = 0;
    let value = 0;
    for (let i = 0; i < perRow; i++) {
      while (held < bits) {
        value = value * 256 + (bytes[at++] ?? 0);
        held += 8;
      }
      const rest = 2 ** (held - bits);
      const top = Math.floor(value / rest);
      out[written++] = top;
      value -= top * rest;
      held -= bits;
    }
  }
  return out;
}
