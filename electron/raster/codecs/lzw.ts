import { refuse } from '../refusal.ts';

const clear = 256;
const end = 257;

/**
 * TIFF LZW (TIFF 6.0 section 13), MSB-first codes that grow one code early, and the older LSB-first variant that some
 * files still carry (told by its first bytes, as libtiff does). Each table entry is a place in the output that already
 * holds its string, so that decoding is copying.
 * Errors: damaged, when a code refers to nothing or the data end before `expected` bytes.
 */
export function decodeLzw(data: Uint8Array, expected: number): Uint8Array {
  const old = data.length >= 2 && data[0] === 0 && ((data[1] as number) & 1) === 1;
  const out = new Uint8Array(expected);
  const start = new Int32Array(4097);
  const length = new Int32Array(4097);
  let next = 258;
  let bits = 9;
  let written = 0;
  let previous = -1;
  let previousAt = 0;
  let buffer = 0;
  let held = 0;
  let at = 0;
  while (written < expected) {
    while (held < bits) {
      if (at >= data.length) throw short(written, expected);
      const byte = data[at++] as number;
      buffer = old ? buffer | (byte << held) : ((buffer << 8) | byte) & 0x3fffffff;
      held += 8;
    }
    let code: number;
    if (old) {
      code = buffer & ((1 << bits) - 1);
      buffer >>>= bits;
    } else {
      code = (buffer >>> (held - bits)) & ((1 << bits) - 1);
    }
    held -= bits;
    if (code === end) throw short(written, expected);
    if (code === clear) {
      next = 258;
      bits = 9;
      previous = -1;
      continue;
    }
    const here = written;
    let count: number;
    if (code < 256) {
      out[written++] = code;
      count = 1;
    } else if (code < next) {
      count = length[code] as number;
      written = copy(out, start[code] as number, count, written);
    } else if (code === next && previous >= 0) {
      // The string that is being defined: the previous one and its own first byte.
      count = (previous < 256 ? 1 : (length[previous] as number)) + 1;
      written = copy(out, previousAt, count, written);
    } else {
      throw refuse('damaged', `An LZW block refers to code ${code}, which is not defined`);
    }
    if (previous >= 0 && next < 4096) {
      // Previous string plus the first byte of this one: they stand side by side in the output.
      start[next] = previousAt;
      length[next] = (previous < 256 ? 1 : (length[previous] as number)) + 1;
      next++;
      const limit = (1 << bits) - (old ? 0 : 1);
      if (next >= limit && bits < 12) bits++;
    }
    previous = code;
    previousAt = here;
  }
  return out;
}

/** Copies forward byte by byte, since source and target may overlap; stops at the end of the output. */
function copy(out: Uint8Array, from: number, count: number, to: number): number {
  const last = Math.min(to + count, out.length);
  let source = from;
  for (let i = to; i < last; i++) out[i] = out[source++] as number;
  return last;
}

function short(got: number, expected: number): Error {
  return refuse('damaged', `An LZW block ends after ${got} of ${expected} bytes`);
}
