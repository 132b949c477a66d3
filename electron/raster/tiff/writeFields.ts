/** A field to be written: values as numbers, or bytes for text. */
export interface OutField {
  readonly tag: number;
  /** 2 ASCII, 3 SHORT, 4 LONG, 12 DOUBLE, 16 LONG8. */
  readonly type: 2 | 3 | 4 | 12 | 16;
  readonly values: ArrayLike<number>;
}

const sizes = { 2: 1, 3: 2, 4: 4, 12: 8, 16: 8 } as const;

/** A text field with its closing NUL. */
export function textField(tag: number, text: string, encoding: 'utf8' | 'latin1' = 'utf8'): OutField {
  return { tag, type: 2, values: Buffer.from(`${text}\0`, encoding) };
}

/** Bytes that a directory takes together with the values that do not fit into its entries. */
export function directoryBytes(fields: readonly OutField[], bigTiff: boolean): number {
  const table = bigTiff ? 16 + fields.length * 20 : 6 + fields.length * 12;
  return fields.reduce((sum, field) => sum + outside(field, bigTiff), even(table));
}

/**
 * A little-endian image file directory that will stand at `at` (even) in the file, followed by its values; `next` is
 * the offset of the next directory, 0 for none.
 */
export function encodeDirectory(
  fields: readonly OutField[],
  at: number,
  next: number,
  bigTiff: boolean,
): Uint8Array {
  const bytes = new Uint8Array(directoryBytes(fields, bigTiff));
  const view = new DataView(bytes.buffer);
  const sorted = [...fields].sort((a, b) => a.tag - b.tag);
  const entryBytes = bigTiff ? 20 : 12;
  const entriesAt = bigTiff ? 8 : 2;
  if (bigTiff) view.setBigUint64(0, BigInt(sorted.length), true);
  else view.setUint16(0, sorted.length, true);
  let valuesAt = even(bigTiff ? 16 + sorted.length * 20 : 6 + sorted.length * 12);
  sorted.forEach((field, i) => {
    const entry = entriesAt + i * entryBytes;
    view.setUint16(entry, field.tag, true);
    view.setUint16(entry + 2, field.type, true);
    setOffset(view, entry + 4, field.values.length, bigTiff);
    const inline = entry + (bigTiff ? 12 : 8);
    const length = outside(field, bigTiff);
    if (length === 0) putValues(view, inline, field);
    else {
      setOffset(view, inline, at + valuesAt, bigTiff);
      putValues(view, valuesAt, field);
      valuesAt += length;
    }
  });
  setOffset(view, entriesAt + sorted.length * entryBytes, next, bigTiff);
  return bytes;
}

/** The first bytes of a file whose first directory follows directly. */
export function encodeHeader(bigTiff: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(bigTiff ? 16 : 8));
  view.setUint16(0, 0x4949, true);
  view.setUint16(2, bigTiff ? 43 : 42, true);
  if (bigTiff) {
    view.setUint16(4, 8, true);
    view.setBigUint64(8, 16n, true);
  } else view.setUint32(4, 8, true);
  return new Uint8Array(view.buffer);
}

function putValues(view: DataView, at: number, field: OutField): void {
  for (let i = 0; i < field.values.length; i++) {
    const value = field.values[i] as number;
    if (field.type === 2) view.setUint8(at + i, value);
    else if (field.type === 3) view.setUint16(at + i * 2, value, true);
    else if (field.type === 4) view.setUint32(at + i * 4, value, true);
    else if (field.type === 12) view.setFloat64(at + i * 8, value, true);
    else view.setBigUint64(at + i * 8, BigInt(value), true);
  }
}

function setOffset(view: DataView, at: number, value: number, bigTiff: boolean): void {
  if (bigTiff) view.setBigUint64(at, BigInt(value), true);
  else view.setUint32(at, value, true);
}

/** Bytes of a field's values outside its entry, padded to an even length. */
function outside(field: OutField, bigTiff: boolean): number {
  const bytes = field.values.length * sizes[field.type];
  return bytes <= (bigTiff ? 8 : 4) ? 0 : even(bytes);
}

function even(n: number): number {
  return n + (n % 2);
}
