/**
 * LERC 2 of 32-bit unsigned integers, versions 3 and 4 (libtiff writes 4): the one kind of pixel that the lerc package of
 * geotiff.js stumbles over. After Esri's specification and its own decoder (Apache-2.0).
 */
import { refuse } from '../refusal.ts';
import { isSet, type LercBlob, readLercBlob } from './lercBlob.ts';

/** No block within a block holds more; a count beyond it is false. */
const mostPacked = 2 ** 20;

/** Values of a pixel side by side, 0 where the mask leaves a pixel out. Errors: damaged; compression, for other versions. */
export function decodeLercUint32(blob: Uint8Array, expected: number): Uint32Array {
  const head = readLercBlob(blob);
  if (!head || head.version < 3 || head.version > 4) {
    throw refuse(
      'compression',
      `LERC of version ${head?.version ?? 1} with 32-bit unsigned integers is not read`,
    );
  }
  if (head.pixels * head.depth !== expected) {
    throw refuse('damaged', `A LERC block holds ${head.pixels * head.depth} of ${expected} values`);
  }
  const out = new Uint32Array(expected);
  if (head.valid === 0) return out;
  const data = new Reader(blob, head.dataAt);
  let [lows, highs] = [[head.low], [head.high]];
  if (head.low !== head.high && head.version >= 4) {
    lows = Array.from({ length: head.depth }, () => data.uint(4));
    highs = Array.from({ length: head.depth }, () => data.uint(4));
  }
  if (lows.every((low, i) => low === highs[i])) {
    forEachValid(head, 0, 0, head.width, head.height, (pixel) => {
      for (let d = 0; d < head.depth; d++) out[pixel * head.depth + d] = lows[d] ?? lows[0] ?? 0;
    });
    return out;
  }
  if (data.uint(1) !== 0) {
    forEachValid(head, 0, 0, head.width, head.height, (pixel) => {
      for (let d = 0; d < head.depth; d++) out[pixel * head.depth + d] = data.uint(4);
    });
    return out;
  }
  const side = head.blockSide;
  if (side < 1) throw refuse('damaged', 'A LERC block has no blocks within');
  for (let top = 0; top < head.height; top += side) {
    for (let left = 0; left < head.width; left += side) {
      for (let d = 0; d < head.depth; d++) readBlock(head, data, top, left, d, highs[d] ?? head.high, out);
    }
  }
  return out;
}

function readBlock(
  head: LercBlob,
  data: Reader,
  top: number,
  left: number,
  d: number,
  high: number,
  out: Uint32Array,
): void {
  const flags = data.uint(1);
  const right = Math.min(left + head.blockSide, head.width);
  const bottom = Math.min(top + head.blockSide, head.height);
  const put = (value: () => number) => {
    forEachValid(head, top, left, right, bottom, (pixel) => {
      out[pixel * head.depth + d] = value();
    });
  };
  const kind = flags & 3;
  // Kind 2: all are 0, as they are already.
  if (kind === 0) put(() => data.uint(4));
  if ((kind & 1) === 0) return;
  // The offset is kept in the smallest type that holds it.
  const offset = data.uint(bytesOf(flags));
  const steps = kind === 3 ? null : unstuff(data);
  let next = 0;
  put(() => (steps ? Math.min(offset + (steps[next++] ?? 0) * 2 * head.maxError, high) : offset));
}

/** Numbers of a few bits each, least significant first, alone or as places in a table of what occurs. */
function unstuff(data: Reader): Uint32Array {
  const flags = data.uint(1);
  const count = data.uint(bytesOf(flags));
  const bits = flags & 31;
  if ((flags & 32) === 0) return data.packed(count, bits);
  const length = data.uint(1) - 1;
  const table = data.packed(length, bits);
  let placeBits = 0;
  while (length >> placeBits) placeBits++;
  return data.packed(count, placeBits).map((place) => (place === 0 ? 0 : (table[place - 1] ?? 0)));
}

/** The two topmost bits say how wide a number is. */
const bytesOf = (flags: number) => [4, 2, 1][flags >> 6] ?? 4;

function forEachValid(
  head: LercBlob,
  top: number,
  left: number,
  right: number,
  bottom: number,
  visit: (pixel: number) => void,
): void {
  for (let row = top; row < bottom; row++) {
    for (let pixel = row * head.width + left; pixel < row * head.width + right; pixel++) {
      if (isSet(head.mask, pixel)) visit(pixel);
    }
  }
}

/** Little-endian numbers one after the other, never beyond the end. */
class Reader {
  private readonly view: DataView;
  private at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
  }

  uint(bytes: number): number {
    const at = this.take(bytes);
    if (bytes === 4) return this.view.getUint32(at, true);
    return bytes === 2 ? this.view.getUint16(at, true) : this.view.getUint8(at);
  }

  packed(count: number, bits: number): Uint32Array {
    if (count < 0 || count > mostPacked) throw refuse('damaged', `A LERC block claims ${count} values`);
    const length = Math.ceil((count * bits) / 8);
    const start = this.take(length);
    const out = new Uint32Array(count);
    if (bits === 0) return out;
    let [held, value, at] = [0, 0, start];
    for (let i = 0; i < count; i++) {
      while (held < bits) {
        value += this.view.getUint8(at++) * 2 ** held;
        held += 8;
      }
      const size = 2 ** bits;
      out[i] = value % size;
      value = Math.floor(value / size);
      held -= bits;
    }
    return out;
  }

  private take(bytes: number): number {
    const at = this.at;
    if (bytes < 0 || at + bytes > this.view.byteLength) throw refuse('damaged', 'A LERC block is cut short');
    this.at += bytes;
    return at;
  }
}
