import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { PixelArray } from '../types.ts';

const deflateAsync = promisify(deflate);

/** TIFF predictors: 1 none, 2 horizontal differences, 3 floating point. */
export type Predictor = 1 | 2 | 3;

/**
 * A tile's bytes as they go to the file: `planes` band-separate pixels of tile × tile, interleaved when there are
 * several, predicted, deflated on Node's thread pool (`level` 0 leaves the bytes as they are).
 */
export async function encodeTile(
  planes: readonly PixelArray[],
  tile: number,
  predictor: Predictor,
  level: number,
): Promise<Uint8Array> {
  const first = planes[0] as PixelArray;
  const count = planes.length;
  let pixels = first;
  if (count > 1) {
    pixels = new (first.constructor as new (length: number) => PixelArray)(first.length * count);
    planes.forEach((plane, b) => {
      for (let i = 0, at = b; i < plane.length; i++, at += count) pixels[at] = plane[i] as number;
    });
  }
  const rowLength = tile * count;
  let bytes: Uint8Array;
  if (predictor === 2) bytes = bytesOf(differences(pixels, rowLength, count));
  else if (predictor === 3) bytes = bytePlanes(pixels, rowLength, count);
  else bytes = bytesOf(pixels);
  return level === 0 ? bytes : deflateAsync(bytes, { level });
}

function differences(pixels: PixelArray, rowLength: number, stride: number): PixelArray {
  const out = pixels.slice();
  for (let row = 0; row < out.length; row += rowLength) {
    for (let i = row + rowLength - 1; i >= row + stride; i--) {
      out[i] = (out[i] as number) - (out[i - stride] as number);
    }
  }
  return out;
}

/** Per row: bytes of all values by significance, most significant plane first, then byte differences. */
function bytePlanes(pixels: PixelArray, rowLength: number, stride: number): Uint8Array {
  const source = bytesOf(pixels);
  const size = pixels.BYTES_PER_ELEMENT;
  const rowBytes = rowLength * size;
  const out = new Uint8Array(source.length);
  for (let row = 0; row < source.length; row += rowBytes) {
    for (let i = 0; i < rowLength; i++) {
      for (let b = 0; b < size; b++) {
        out[row + (size - 1 - b) * rowLength + i] = source[row + i * size + b] as number;
      }
    }
    for (let i = row + rowBytes - 1; i >= row + stride; i--) {
      out[i] = (out[i] as number) - (out[i - stride] as number);
    }
  }
  return out;
}

function bytesOf(pixels: PixelArray): Uint8Array {
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
}
