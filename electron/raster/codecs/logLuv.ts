import { refuse } from '../refusal.ts';

/**
 * SGI LogLuv (Ward Larson 1998): per row one plane of bytes after the other, run-length coded, most significant first.
 * One sample is a 16-bit logarithm of luminance; three are luminance and u′, v′ scaled by 2^15, from 32-bit codes.
 * Little-endian int16 values, interleaved, as GDAL delivers them. Errors: damaged.
 */
export function decodeLogLuv(data: Uint8Array, width: number, rows: number, samples: number): Uint8Array {
  const out = new Int16Array(width * rows * samples);
  const codes = new Uint32Array(width);
  const planes = samples === 1 ? 2 : 4;
  let at = 0;
  for (let row = 0; row < rows; row++) {
    codes.fill(0);
    for (let plane = planes - 1; plane >= 0; plane--) at = readPlane(data, at, codes, plane * 8);
    for (let x = 0; x < width; x++) {
      const code = codes[x] as number;
      const target = (row * width + x) * samples;
      if (samples === 1) out[target] = code;
      else {
        out[target] = code >>> 16;
        out[target + 1] = Math.trunc((((code >>> 8) & 255) + 0.5) * (32768 / 410));
        out[target + 2] = Math.trunc(((code & 255) + 0.5) * (32768 / 410));
      }
    }
  }
  return new Uint8Array(out.buffer);
}

function readPlane(data: Uint8Array, from: number, codes: Uint32Array, shift: number): number {
  let at = from;
  for (let x = 0; x < codes.length; ) {
    const head = data[at++];
    if (head === undefined) throw refuse('damaged', 'A LogLuv block ends early');
    if (head >= 128) {
      const value = ((data[at++] ?? 0) << shift) >>> 0;
      for (let run = head - 126; run > 0 && x < codes.length; run--)
        codes[x] = ((codes[x++] as number) | value) >>> 0;
    } else {
      for (let run = head; run > 0 && x < codes.length; run--) {
        codes[x] = ((codes[x++] as number) | ((data[at++] ?? 0) << shift)) >>> 0;
      }
    }
  }
  return at;
}
