import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { AppError } from '../base/errors.ts';

/** Page codecs of Parquet beyond Snappy, which hyparquet has: what GDAL, DuckDB and PyArrow write. */
export const decompressors: Compressors = {
  GZIP: (input) => gunzipSync(input),
  BROTLI: (input) => brotliDecompressSync(input),
  ZSTD: (input) => zstdDecompressSync(input),
  LZ4_RAW: (input, length) => lz4Block(input, length),
};

/** One LZ4 block (lz4_Block_format.md): tokens of literals and back references. Errors: `bad-input` when it does not fit. */
export function lz4Block(input: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  let from = 0;
  let to = 0;
  const next = (): number => {
    const byte = input[from++];
    if (byte === undefined) throw damaged();
    return byte;
  };
  const extended = (start: number): number => {
    let total = start;
    if (start === 15) {
      for (let byte = 255; byte === 255; total += byte) byte = next();
    }
    return total;
  };
  while (from < input.length) {
    const token = next();
    const literals = extended(token >> 4);
    if (from + literals > input.length || to + literals > length) throw damaged();
    output.set(input.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    if (from >= input.length) break;
    const distance = next() | (next() << 8);
    const run = extended(token & 15) + 4;
    if (distance === 0 || distance > to || to + run > length) throw damaged();
    // Byte by byte: the run may overlap what it copies.
    for (let i = 0; i < run; i++, to++) output[to] = output[to - distance] as number;
  }
  if (to !== length) throw damaged();
  return output;
}

function damaged(): AppError {
  return new AppError('bad-input', 'A compressed page is damaged', {
    remedy: 'Copy the file again from its source.',
  });
}
