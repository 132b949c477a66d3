import { promisify } from 'node:util';
import { constants, inflate, zstdDecompress } from 'node:zlib';
import { getDecoder } from 'geotiff';
import { refuse } from '../refusal.ts';

const inflateAsync = promisify(inflate);

/**
 * Deflate through Node's zlib, on its thread pool. A stream that holds more than `expected` bytes is cut, as libtiff
 * does; one that breaks off before `least` is an error. Memory never exceeds `expected` and a little.
 */
export async function decodeDeflate(
  data: Uint8Array,
  expected: number,
  least = expected,
): Promise<Uint8Array> {
  try {
    // Z_SYNC_FLUSH: a missing end mark or checksum is no loss when the pixels are whole.
    const options = {
      maxOutputLength: expected + slack,
      finishFlush: constants.Z_SYNC_FLUSH,
      chunkSize: chunkFor(expected),
    };
    return whole(await inflateAsync(data, options), expected, least, 'Deflate');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE')
      return inflatePart(data, expected, least);
    throw damaged('Deflate', error);
  }
}

/** Zstandard: Node's own where it has it (22.15 and later), else the decoder that comes with geotiff.js. */
export async function decodeZstd(data: Uint8Array, expected: number, least = expected): Promise<Uint8Array> {
  try {
    if (typeof zstdDecompress === 'function') {
      const bytes = await promisify(zstdDecompress)(data, {
        maxOutputLength: expected + slack,
        chunkSize: chunkFor(expected),
      });
      return whole(bytes, expected, least, 'ZSTD');
    }
    const parameters = {
      tileWidth: 1,
      tileHeight: 1,
      predictor: 1,
      bitsPerSample: 8,
      planarConfiguration: 1,
    };
    const decoder = await getDecoder(50000, parameters);
    return whole(new Uint8Array(await decoder.decode(exactBuffer(data))), expected, least, 'ZSTD');
  } catch (error) {
    throw damaged('ZSTD', error);
  }
}

/** An ArrayBuffer of exactly these bytes, as geotiff.js decoders want it. */
export function exactBuffer(data: Uint8Array): ArrayBuffer {
  return new Uint8Array(data).buffer;
}

/** Blocks of the last strip are often stored at full height: room for that without another attempt. */
const slack = 1 << 16;

/** One piece of output for the whole block, so that nothing is put together afterwards. */
function chunkFor(expected: number): number {
  return Math.min(Math.max(expected + 64, 1024), 2 ** 26);
}

async function inflatePart(data: Uint8Array, expected: number, least: number): Promise<Uint8Array> {
  const { createInflate } = await import('node:zlib');
  const stream = createInflate();
  const out = new Uint8Array(expected);
  let written = 0;
  const done = (async () => {
    for await (const chunk of stream) {
      const bytes = chunk as Uint8Array;
      out.set(bytes.subarray(0, expected - written), written);
      written = Math.min(expected, written + bytes.length);
      if (written === expected) break;
    }
  })();
  stream.end(data);
  try {
    await done;
  } catch (error) {
    throw damaged('Deflate', error);
  }
  return whole(out.subarray(0, written), expected, least, 'Deflate');
}

function whole(bytes: Uint8Array, expected: number, least: number, name: string): Uint8Array {
  if (bytes.length < least) {
    throw refuse('damaged', `A ${name} block ends after ${bytes.length} of ${expected} bytes`);
  }
  return bytes.length <= expected ? bytes : bytes.subarray(0, expected);
}

function damaged(name: string, error: unknown): Error {
  const why = error instanceof Error ? error.message : String(error);
  return refuse('damaged', `A ${name} block does not decode: ${why}`, undefined, error);
}
