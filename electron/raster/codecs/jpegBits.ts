import { refuse } from '../refusal.ts';

/** A Huffman table: for every 16-bit prefix the code's length and symbol (ITU T.81, annex C and F). */
export interface Huffman {
  readonly lengths: Uint8Array;
  readonly symbols: Uint8Array;
}

/** From the 16 counts per length and the symbols in order. Errors: damaged, when there are more codes than fit. */
export function huffman(counts: Uint8Array, symbols: Uint8Array): Huffman {
  const lengths = new Uint8Array(65536);
  const values = new Uint8Array(65536);
  let code = 0;
  let k = 0;
  for (let length = 1; length <= 16; length++) {
    for (let i = 0; i < (counts[length - 1] ?? 0); i++) {
      const span = 1 << (16 - length);
      const from = code << (16 - length);
      if (from + span > 65536) throw refuse('damaged', 'A JPEG block has an impossible Huffman table');
      lengths.fill(length, from, from + span);
      values.fill(symbols[k++] ?? 0, from, from + span);
      code++;
    }
    code <<= 1;
  }
  return { lengths, symbols: values };
}

/** The bits of one scan: zero bytes stuffed after 0xFF are dropped; at a marker the bits end, and zeros follow. */
export class JpegBits {
  private readonly data: Uint8Array;
  /** Position of the next byte. */
  at: number;
  private buffer = 0;
  private held = 0;
  /** Bits that had to be made up after the data ended. */
  missing = 0;

  constructor(data: Uint8Array, at: number) {
    this.data = data;
    this.at = at;
  }

  private fill(): void {
    while (this.held <= 16) {
      let byte = 0;
      const next = this.data[this.at];
      if (next === undefined) this.missing += 8;
      else if (next === 0xff) {
        if (this.data[this.at + 1] === 0) {
          byte = 0xff;
          this.at += 2;
        } else this.missing += 8;
      } else {
        byte = next;
        this.at++;
      }
      this.buffer = ((this.buffer << 8) | byte) & 0xffffff;
      this.held += 8;
    }
  }

  symbol(table: Huffman): number {
    this.fill();
    const prefix = (this.buffer >> (this.held - 16)) & 0xffff;
    const length = table.lengths[prefix] as number;
    if (length === 0) throw refuse('damaged', 'A JPEG block holds a code that is in no Huffman table');
    this.held -= length;
    return table.symbols[prefix] as number;
  }

  /** `count` (up to 16) bits as a signed number, by T.81's EXTEND. */
  signed(count: number): number {
    if (count === 0) return 0;
    this.fill();
    this.held -= count;
    const value = (this.buffer >> this.held) & ((1 << count) - 1);
    return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  /** Drops the bits that are left and steps over a restart marker when one follows. */
  restart(): void {
    this.buffer = 0;
    this.held = 0;
    this.missing = 0;
    const [mark, kind] = [this.data[this.at], this.data[this.at + 1]];
    if (mark === 0xff && kind !== undefined && kind >= 0xd0 && kind <= 0xd7) this.at += 2;
  }
}
