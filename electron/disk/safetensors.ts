/**
 * The safetensors format: 8 bytes of header length (little endian), a JSON header that gives each tensor's type, shape
 * and byte range, then the data. Specification: https://github.com/huggingface/safetensors#format
 *
 * `__metadata__` carries strings. One of them, `sha256`, covers the rest of the header and the data, so that a file
 * damaged anywhere is refused instead of read. Nothing in a file is trusted: every size is checked against its length.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { AppError, fromSystemError } from '../base/errors.ts';
import { writeFileAtomic } from './atomicWrite.ts';

export type StoredData = Float32Array | Int32Array | Uint8Array;
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: StoredData;
}
export type StoredTensors = Readonly<Record<string, StoredTensor>>;
export type StoredMetadata = Readonly<Record<string, string>>;

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}
interface Header {
  readonly metadata: Record<string, string>;
  readonly entries: readonly (readonly [string, Entry])[];
}

/** The specification's own limit on the header. */
const maxHeaderBytes = 100_000_000;

const constructors = {
  F32: (buffer: ArrayBuffer) => new Float32Array(buffer),
  I32: (buffer: ArrayBuffer) => new Int32Array(buffer),
  U8: (buffer: ArrayBuffer) => new Uint8Array(buffer),
} as const;
type Dtype = keyof typeof constructors;
const bytesPer: Readonly<Record<Dtype, number>> = { F32: 4, I32: 4, U8: 1 };

function dtypeOf(data: StoredData): Dtype {
  if (data instanceof Float32Array) return 'F32';
  return data instanceof Int32Array ? 'I32' : 'U8';
}

const count = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

function digest(metadata: StoredMetadata, entries: Header['entries'], data: Uint8Array): string {
  const rest = Object.entries(metadata).filter(([key]) => key !== 'sha256');
  return createHash('sha256')
    .update(JSON.stringify([rest.toSorted(([a], [b]) => (a < b ? -1 : 1)), entries]))
    .update(data)
    .digest('hex');
}

/** The tensors as the bytes of a file. Errors: internal for a tensor whose data do not fill its shape. */
export function encodeSafetensors(tensors: StoredTensors, metadata: StoredMetadata): Uint8Array {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { shape, data }]) => {
    if (count(shape) !== data.length || name === '__metadata__')
      throw new AppError('internal', `Tensor ${name} [${shape.join(', ')}] holds ${data.length} values`);
    const start = end;
    end += data.byteLength;
    return [name, { dtype: dtypeOf(data), shape: [...shape], data_offsets: [start, end] }] as [string, Entry];
  });
  const data = new Uint8Array(end);
  let offset = 0;
  for (const tensor of Object.values(tensors)) {
    const { buffer, byteOffset, byteLength } = tensor.data;
    data.set(new Uint8Array(buffer, byteOffset, byteLength), offset);
    offset += byteLength;
  }
  const named = Object.fromEntries(entries);
  // Over the entries in the order in which a parser will see them.
  const sha256 = digest(metadata, Object.entries(named), data);
  const text = JSON.stringify({ __metadata__: { ...metadata, sha256 }, ...named });
  const header = new TextEncoder().encode(text);
  // Padded with spaces so that the data start on a multiple of eight, as the specification asks.
  const padded = Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded + end).fill(0x20, 8, 8 + padded);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(header, 8);
  bytes.set(data, 8 + padded);
  return bytes;
}

/**
 * The tensors and metadata of a file's bytes; `subject` names it in messages. Errors: bad-input for anything that is
 * not a whole, undamaged file of float32, int32 and uint8 tensors.
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  subject: string,
): { tensors: Record<string, StoredTensor>; metadata: Record<string, string> } {
  const length = headerLength(bytes, bytes.length, subject);
  const { metadata, entries } = parseHeader(bytes.subarray(8, 8 + length), subject);
  const data = bytes.subarray(8 + length);
  let end = 0;
  // Ordered by place, so that gaps and overlaps show.
  const ordered = entries.toSorted(
    ([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1],
  );
  const tensors = ordered.map(([name, entry]): [string, StoredTensor] => {
    const dtype = entry.dtype as Dtype;
    if (!Object.hasOwn(constructors, dtype)) throw damaged(subject, `${name} is of type ${entry.dtype}`);
    const [from, to] = entry.data_offsets;
    if (from !== end || to - from !== count(entry.shape) * bytesPer[dtype] || to > data.length)
      throw damaged(subject, `${name} claims bytes ${from} to ${to} of ${data.length}`);
    end = to;
    return [
      name,
      { shape: entry.shape, data: constructors[dtype](new Uint8Array(data.subarray(from, to)).buffer) },
    ];
  });
  if (end !== data.length) throw damaged(subject, `${data.length - end} bytes belong to no tensor`);
  if (metadata.sha256 !== digest(metadata, entries, data))
    throw damaged(subject, 'its checksum does not match its content');
  return { tensors: Object.fromEntries(tensors), metadata };
}

/** Writes the file whole or not at all. Errors: those of `writeFileAtomic`. */
export function writeSafetensors(path: string, tensors: StoredTensors, metadata: StoredMetadata): void {
  writeFileAtomic(path, encodeSafetensors(tensors, metadata));
}

/** Reads a file. Errors: not-found, bad-input when damaged. */
export function readSafetensors(path: string): ReturnType<typeof decodeSafetensors> {
  return decodeSafetensors(readBytes(path), path);
}

/** Only the metadata, without reading (or checking) the data: for lists. Errors: not-found, bad-input. */
export function readSafetensorsMetadata(path: string): Record<string, string> {
  try {
    const fd = openSync(path, 'r');
    try {
      const first = new Uint8Array(8);
      const got = readSync(fd, first, 0, 8, 0);
      const header = new Uint8Array(headerLength(first.subarray(0, got), fstatSync(fd).size, path));
      readSync(fd, header, 0, header.length, 8);
      return parseHeader(header, path).metadata;
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw fromSystemError(error, path) ?? error;
  }
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw fromSystemError(error, path) ?? error;
  }
}

function headerLength(start: Uint8Array, fileBytes: number, subject: string): number {
  if (start.length < 8) throw damaged(subject, `it has only ${fileBytes} bytes`);
  const length = Number(new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true));
  if (length < 2 || length > maxHeaderBytes || length > fileBytes - 8)
    throw damaged(subject, `its header would have ${length} of ${fileBytes} bytes`);
  return length;
}

function parseHeader(bytes: Uint8Array, subject: string): Header {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw damaged(subject, 'its header is not JSON', error);
  }
  if (!isRecord(json)) throw damaged(subject, 'its header is not an object');
  const { __metadata__: metadata = {}, ...rest } = json;
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string'))
    throw damaged(subject, 'its metadata are not text');
  const entries = Object.entries(rest).map(([name, entry]) => {
    if (!isEntry(entry)) throw damaged(subject, `the entry of ${name} is malformed`);
    const { dtype, shape, data_offsets } = entry;
    return [name, { dtype, shape, data_offsets }] as const;
  });
  return { metadata: metadata as Record<string, string>, entries };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function isEntry(value: unknown): value is Entry {
  if (!isRecord(value)) return false;
  const { dtype, shape, data_offsets: offsets } = value;
  return (
    typeof dtype === 'string' &&
    Array.isArray(shape) &&
    shape.every(isSize) &&
    Array.isArray(offsets) &&
    offsets.length === 2 &&
    offsets.every(isSize)
  );
}

function damaged(subject: string, found: string, cause?: unknown): AppError {
  return new AppError('bad-input', `Not a usable safetensors file: ${found}`, {
    subject,
    remedy: 'The file is damaged or of another kind: take it from a backup, or make it again.',
    cause,
  });
}
