import { refuse } from '../refusal.ts';

/** PackBits (TIFF 6.0 section 9). Errors: damaged, when the data end before `expected` bytes. */
export function decodePackBits(data: Uint8Array, expected: number): Uint8Array {
  const out = new Uint8Array(expected);
  let written = 0;
  let at = 0;
  while (written < expected) {
    if (at >= data.length) throw short(written, expected);
    const head = data[at++] as number;
    if (head === 128) continue;
    if (head < 128) {
      const count = Math.min(head + 1, expected - written);
      if (at + count > data.length) throw short(written, expected);
      out.set(data.subarray(at, at + count), written);
      written += count;
      at += head + 1;
    } else {
      if (at >= data.length) throw short(written, expected);
      const count = Math.min(257 - head, expected - written);
      out.fill(data[at++] as number, written, written + count);
      written += count;
    }
  }
  return out;
}

function short(got: number, expected: number): Error {
  return refuse('damaged', `A PackBits block ends after ${got} of ${expected} bytes`);
}
