import { refuse } from '../refusal.ts';
import {
  blackRuns,
  type CodeTable,
  horizontalMode,
  modeCodes,
  passMode,
  verticalZero,
  whiteRuns,
} from './faxCodes.ts';

export interface FaxFormat {
  /** TIFF compression: 2 modified Huffman, 3 T.4, 4 T.6. */
  readonly compression: number;
  /** T.4 with two-dimensional lines (T4Options, bit 0). */
  readonly twoDimensional: boolean;
}

/**
 * CCITT fax (ITU-T T.4 and T.6) → rows of bits, black is 1, each row padded to a byte. Errors: damaged, for a code that
 * is none or data that end early.
 */
export function decodeFax(data: Uint8Array, width: number, rows: number, format: FaxFormat): Uint8Array {
  const rowBytes = Math.ceil(width / 8);
  const out = new Uint8Array(rowBytes * rows);
  const bits = new FaxBits(data);
  // Columns where the colour changes, beginning with white; the line above the first is white.
  let reference: number[] = [];
  for (let row = 0; row < rows; row++) {
    let flat = format.compression !== 4;
    if (format.compression === 2) bits.toByte();
    if (format.compression === 3) {
      const marked = bits.skipEndOfLine();
      if (format.twoDimensional && marked) flat = bits.take(1) === 1;
    }
    const changes = flat ? readFlat(bits, width) : readByReference(bits, width, reference);
    paint(out, row * rowBytes, changes, width);
    reference = changes;
  }
  return out;
}

class FaxBits {
  private readonly data: Uint8Array;
  /** Position in bits. */
  private at = 0;

  constructor(data: Uint8Array) {
    this.data = data;
  }

  /** The next `count` (up to 16) bits without taking them; zeros beyond the end. */
  peek(count: number): number {
    const byte = this.at >> 3;
    const three =
      ((this.data[byte] ?? 0) << 16) | ((this.data[byte + 1] ?? 0) << 8) | (this.data[byte + 2] ?? 0);
    return (three >> (24 - (this.at & 7) - count)) & ((1 << count) - 1);
  }

  take(count: number): number {
    const value = this.peek(count);
    this.at += count;
    return value;
  }

  code(table: CodeTable): number {
    const entry = table.entries[this.peek(table.bits)] as number;
    if (entry === 0 || this.at >= this.data.length * 8) {
      throw refuse('damaged', 'A fax block holds a code that is none, or ends early');
    }
    this.at += entry & 15;
    return entry >> 4;
  }

  toByte(): void {
    this.at = (this.at + 7) & ~7;
  }

  /** Steps over fill bits and an end-of-line code (eleven zeros or more, then a one) when they come next. */
  skipEndOfLine(): boolean {
    if (this.peek(11) !== 0) return false;
    while (this.at < this.data.length * 8 && this.peek(1) === 0) this.at++;
    this.at++;
    return true;
  }
}

/** A line of alternating white and black runs → its changes. */
function readFlat(bits: FaxBits, width: number): number[] {
  const changes: number[] = [];
  let column = 0;
  let black = false;
  while (column < width) {
    column += readRun(bits, black);
    changes.push(Math.min(column, width));
    black = !black;
  }
  return changes;
}

function readRun(bits: FaxBits, black: boolean): number {
  let total = 0;
  for (;;) {
    const run = bits.code(black ? blackRuns : whiteRuns);
    total += run;
    if (run < 64) return total;
  }
}

/** A line coded against the one above it (T.4, section 4.2). */
function readByReference(bits: FaxBits, width: number, reference: readonly number[]): number[] {
  const changes: number[] = [];
  let a0 = -1;
  let black = false;
  // The first change of the reference line right of a0 to the colour opposite to the present one.
  let index = 0;
  while (a0 < width) {
    while (index > 0 && (reference[index - 1] ?? width) > a0) index--;
    while (index < reference.length && ((reference[index] ?? width) <= a0 || (index & 1) !== (black ? 1 : 0)))
      index++;
    const b1 = reference[index] ?? width;
    const mode = bits.code(modeCodes);
    if (mode === passMode) {
      a0 = reference[index + 1] ?? width;
    } else if (mode === horizontalMode) {
      const start = Math.max(a0, 0);
      const first = Math.min(start + readRun(bits, black), width);
      const second = Math.min(first + readRun(bits, !black), width);
      changes.push(first, second);
      a0 = second;
    } else {
      const a1 = b1 + mode - verticalZero;
      if (a1 < Math.max(a0, 0) || a1 > width) throw refuse('damaged', 'A fax block steps outside its line');
      changes.push(a1);
      a0 = a1;
      black = !black;
    }
    if (a0 >= width) break;
  }
  return changes;
}

function paint(out: Uint8Array, base: number, changes: readonly number[], width: number): void {
  for (let i = 0; i < changes.length; i += 2) {
    const end = changes[i + 1] ?? width;
    for (let column = changes[i] ?? width; column < end; column++) {
      const at = base + (column >> 3);
      out[at] = (out[at] as number) | (0x80 >> (column & 7));
    }
  }
}
