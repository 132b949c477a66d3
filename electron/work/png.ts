/**
 * Palette PNG (W3C PNG third edition: signature, IHDR, PLTE, tRNS, IDAT, IEND), for the thumbnail of a report: a report
 * is one file, so its picture is a data URI made here.
 */
import { crc32, deflateSync } from 'node:zlib';
import { assert } from '../base/assert.ts';

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

function chunk(type: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

/**
 * An 8-bit indexed PNG. `indices` [height · width] row-major; `palette` [r, g, b, alpha] by index, at most 256, and
 * every index needs an entry.
 */
export function encodePalettePng(
  indices: Uint8Array,
  width: number,
  height: number,
  palette: readonly (readonly [number, number, number, number])[],
): Uint8Array {
  assert(indices.length === width * height, `${indices.length} pixels are not ${width} × ${height}`);
  assert(palette.length >= 1 && palette.length <= 256, `a palette of ${palette.length} entries`);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  // Each row is led by its filter type; none (0) suits indices.
  const rows = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++)
    rows.set(indices.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', Uint8Array.from(palette.flatMap((entry) => entry.slice(0, 3)))),
    chunk('tRNS', Uint8Array.from(palette.map((entry) => entry[3]))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', new Uint8Array(0)),
  ]);
}
