/**
 * dBASE tables as Shapefiles carry them (dBASE III with the later type letters). Text encoding: the .cpg file, else the
 * language driver of the header, else UTF-8 when the bytes are valid UTF-8, else windows-1252.
 */
import { AppError } from '../base/errors.ts';
import { decoderFor } from './encodings.ts';
import type { Attribute, AttributeType, Value } from './types.ts';

interface Column extends Attribute {
  readonly letter: string;
  readonly start: number;
  readonly length: number;
}

export interface DbfTable {
  readonly fields: readonly Attribute[];
  /** One per record, also deleted ones, so that records stay aligned with shapes. */
  readonly rows: readonly (Readonly<Record<string, Value>> | 'deleted')[];
}

/** `codePage` is the text of the .cpg file, if any. Errors: `bad-input` naming what does not fit. */
export function readDbf(bytes: Uint8Array, codePage: string | null, file: string): DbfTable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33) throw cutShort(file);
  const records = view.getUint32(4, true);
  const headerBytes = view.getUint16(8, true);
  const recordBytes = view.getUint16(10, true);
  if (headerBytes > bytes.length || recordBytes === 0) throw cutShort(file);
  const decode = decoderFor(codePage, bytes[29] ?? 0, bytes.subarray(32));
  const columns = readColumns(bytes.subarray(0, headerBytes), decode);
  // Writers leave the count wrong or the last record without its end marker: what is there decides.
  const present = Math.min(records, Math.floor((bytes.length - headerBytes) / recordBytes));
  const rows = Array.from({ length: present }, (_, i) => {
    const start = headerBytes + i * recordBytes;
    const record = bytes.subarray(start, start + recordBytes);
    return record[0] === 0x2a ? ('deleted' as const) : toRow(record, columns, decode);
  });
  return { fields: columns.map(({ name, type }) => ({ name, type })), rows };
}

function cutShort(file: string): AppError {
  return new AppError('bad-input', `${file} is not a whole dBASE table`, {
    subject: file,
    remedy: 'Copy the .dbf file again from its source.',
  });
}

function readColumns(header: Uint8Array, decode: (bytes: Uint8Array) => string): Column[] {
  const columns: Column[] = [];
  let start = 1;
  for (let at = 32; at + 32 <= header.length && header[at] !== 0x0d; at += 32) {
    const nameBytes = header.subarray(at, at + 11);
    const end = nameBytes.indexOf(0);
    const letter = String.fromCharCode(header[at + 11] ?? 0).toUpperCase();
    const decimals = letter === 'C' ? 0 : (header[at + 17] ?? 0);
    // Character fields longer than 255 bytes keep the high byte of their length in the decimal count.
    const length = (header[at + 16] ?? 0) + (letter === 'C' ? (header[at + 17] ?? 0) << 8 : 0);
    const name = decode(nameBytes.subarray(0, end < 0 ? 11 : end)).trim();
    columns.push({ name, letter, start, length, type: typeOf(letter, decimals) });
    start += length;
  }
  return columns;
}

function typeOf(letter: string, decimals: number): AttributeType {
  if (letter === 'N') return decimals > 0 ? 'real' : 'integer';
  if (letter === 'F' || letter === 'O' || letter === 'B') return 'real';
  if (letter === 'I') return 'integer';
  if (letter === 'L') return 'boolean';
  return letter === 'D' ? 'date' : 'text';
}

function toRow(record: Uint8Array, columns: Column[], decode: (bytes: Uint8Array) => string) {
  const row: Record<string, Value> = {};
  for (const column of columns) {
    const bytes = record.subarray(column.start, column.start + column.length);
    row[column.name] = toValue(bytes, column, decode);
  }
  return row;
}

function toValue(bytes: Uint8Array, column: Column, decode: (bytes: Uint8Array) => string): Value {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (column.letter === 'I') return bytes.length >= 4 ? view.getInt32(0, true) : null;
  if (column.letter === 'O') return bytes.length >= 8 ? view.getFloat64(0, true) : null;
  const end = bytes.indexOf(0);
  const text = decode(end < 0 ? bytes : bytes.subarray(0, end)).trim();
  if (text === '') return null;
  switch (column.type) {
    case 'integer':
    case 'real': {
      const value = Number(text);
      // Asterisks mark a number too wide for its column.
      return Number.isFinite(value) ? value : null;
    }
    case 'boolean':
      return /^[YyTt]/.test(text) ? true : /^[NnFf]/.test(text) ? false : null;
    case 'date':
      return /^\d{8}$/.test(text) && text !== '00000000'
        ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
        : null;
    case 'text':
      return text;
  }
}
