import { refuse } from '../refusal.ts';
import { cutShort, type FileSource } from '../source.ts';
import { fieldSize } from './tags.ts';

/** One entry of an image file directory: where its values lie, checked against the size of the file. */
export interface Field {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Offset of the values in the file (also when they lie inside the entry itself). */
  readonly offset: number;
}

/** An image file directory whose values are read when asked for, never more than `maxValues` at once. */
export interface Directory {
  readonly offset: number;
  readonly bigTiff: boolean;
  readonly littleEndian: boolean;
  readonly fields: ReadonlyMap<number, Field>;
}

const maxEntries = 4096;
const maxDirectories = 1024;
/** No table but those of block offsets is longer, and those are read in pieces. */
const maxValues = 1 << 20;

/**
 * All directories of a file in chain order, sub-IFDs not followed. A chain that loops or runs off the file ends there
 * with a warning; a first directory that cannot be read is an error.
 * Errors: bad-input "is not a GeoTIFF", "cut short".
 */
export async function readDirectories(
  source: FileSource,
): Promise<{ directories: Directory[]; warnings: string[] }> {
  const header = await readHeader(source);
  const directories: Directory[] = [];
  const warnings: string[] = [];
  const seen = new Set<number>();
  let offset = header.firstDirectory;
  while (offset !== 0) {
    if (seen.has(offset)) {
      warnings.push('The chain of image directories loops; the rest is ignored.');
      break;
    }
    if (directories.length === maxDirectories) {
      warnings.push(`Only the first ${maxDirectories} images of the file are looked at.`);
      break;
    }
    seen.add(offset);
    try {
      const { directory, next } = await readDirectory(source, offset, header);
      directories.push(directory);
      offset = next;
    } catch (error) {
      if (directories.length === 0) throw error;
      warnings.push(`Image ${directories.length + 1} of the file cannot be read and is ignored.`);
      break;
    }
  }
  if (directories.length === 0) throw notTiff(source.path, 'it holds no image');
  return { directories, warnings };
}

interface Header {
  readonly littleEndian: boolean;
  readonly bigTiff: boolean;
  readonly firstDirectory: number;
}

async function readHeader(source: FileSource): Promise<Header> {
  if (source.size < 8) throw notTiff(source.path, `it has only ${source.size} bytes`);
  const bytes = await source.read(0, Math.min(16, source.size));
  const view = new DataView(bytes.buffer);
  const mark = view.getUint16(0);
  if (mark !== 0x4949 && mark !== 0x4d4d) throw notTiff(source.path, `it starts with ${quoted(bytes)}`);
  const littleEndian = mark === 0x4949;
  const version = view.getUint16(2, littleEndian);
  if (version === 42)
    return { littleEndian, bigTiff: false, firstDirectory: view.getUint32(4, littleEndian) };
  if (version !== 43) throw notTiff(source.path, `its version number is ${version}, not 42 or 43`);
  if (source.size < 16) throw cutShort(source.path, source.size, 16);
  const width = view.getUint16(4, littleEndian);
  if (width !== 8) throw notTiff(source.path, `its BigTIFF offsets have ${width} bytes, not 8`);
  return { littleEndian, bigTiff: true, firstDirectory: uint64(view, 8, littleEndian) };
}

async function readDirectory(
  source: FileSource,
  offset: number,
  { bigTiff, littleEndian }: Header,
): Promise<{ directory: Directory; next: number }> {
  const countBytes = bigTiff ? 8 : 2;
  const entryBytes = bigTiff ? 20 : 12;
  const head = viewOf(await source.read(offset, countBytes));
  const count = bigTiff ? uint64(head, 0, littleEndian) : head.getUint16(0, littleEndian);
  if (count === 0 || count > maxEntries) {
    throw refuse('damaged', `An image directory claims ${count} entries`, source.path);
  }
  const body = viewOf(await source.read(offset + countBytes, count * entryBytes));
  const fields = new Map<number, Field>();
  for (let i = 0; i < count; i++) {
    const at = i * entryBytes;
    const tagId = body.getUint16(at, littleEndian);
    const type = body.getUint16(at + 2, littleEndian);
    const valueCount = bigTiff ? uint64(body, at + 4, littleEndian) : body.getUint32(at + 4, littleEndian);
    const valueAt = at + (bigTiff ? 12 : 8);
    const bytes = valueCount * fieldSize(type);
    const inline = bytes <= (bigTiff ? 8 : 4);
    const where = inline
      ? offset + countBytes + valueAt
      : bigTiff
        ? uint64(body, valueAt, littleEndian)
        : body.getUint32(valueAt, littleEndian);
    // The first entry of a tag counts, as in libtiff.
    if (bytes > 0 && !fields.has(tagId)) {
      fields.set(tagId, { tag: tagId, type, count: valueCount, offset: where });
    }
  }
  const nextAt = offset + countBytes + count * entryBytes;
  const pointerBytes = bigTiff ? 8 : 4;
  // A file may end right after its last directory; GDAL forgives that, and so do we.
  const next =
    nextAt + pointerBytes > source.size
      ? 0
      : bigTiff
        ? uint64(viewOf(await source.read(nextAt, 8)), 0, littleEndian)
        : viewOf(await source.read(nextAt, 4)).getUint32(0, littleEndian);
  return { directory: { offset, bigTiff, littleEndian, fields }, next };
}

/** Numbers of a field (rationals as quotients), from `first`, at most `count`; empty when the tag is absent. */
export async function readNumbers(
  source: FileSource,
  directory: Directory,
  tagId: number,
  first = 0,
  count = Number.POSITIVE_INFINITY,
): Promise<number[]> {
  const field = directory.fields.get(tagId);
  if (!field) return [];
  const take = Math.min(count, field.count - first);
  if (take <= 0) return [];
  if (take > maxValues) {
    throw refuse('damaged', `Tag ${tagId} claims ${field.count} values`, source.path);
  }
  const size = fieldSize(field.type);
  const view = viewOf(await source.read(field.offset + first * size, take * size));
  const values = new Array<number>(take);
  for (let i = 0; i < take; i++) values[i] = number(view, i * size, field.type, directory.littleEndian);
  return values;
}

/** The first number of a field, or undefined. */
export async function readNumber(
  source: FileSource,
  directory: Directory,
  tagId: number,
): Promise<number | undefined> {
  return (await readNumbers(source, directory, tagId, 0, 1))[0];
}

/** The bytes of a field as they are; undefined when absent. */
export async function readBytes(
  source: FileSource,
  directory: Directory,
  tagId: number,
): Promise<Uint8Array | undefined> {
  const field = directory.fields.get(tagId);
  if (!field) return undefined;
  const bytes = field.count * fieldSize(field.type);
  if (bytes > maxValues * 16) {
    throw refuse('damaged', `Tag ${tagId} claims ${bytes} bytes`, source.path);
  }
  return source.read(field.offset, bytes);
}

/** A text field up to its last NUL (UTF-8, as GDAL writes it); undefined when absent. */
export async function readText(
  source: FileSource,
  directory: Directory,
  tagId: number,
): Promise<string | undefined> {
  const bytes = await readBytes(source, directory, tagId);
  if (!bytes) return undefined;
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return new TextDecoder().decode(bytes.subarray(0, end));
}

function number(view: DataView, at: number, type: number, le: boolean): number {
  switch (type) {
    case 3:
      return view.getUint16(at, le);
    case 4:
    case 13:
      return view.getUint32(at, le);
    case 5:
      return view.getUint32(at, le) / view.getUint32(at + 4, le);
    case 6:
      return view.getInt8(at);
    case 8:
      return view.getInt16(at, le);
    case 9:
      return view.getInt32(at, le);
    case 10:
      return view.getInt32(at, le) / view.getInt32(at + 4, le);
    case 11:
      return view.getFloat32(at, le);
    case 12:
      return view.getFloat64(at, le);
    case 16:
    case 18:
      return uint64(view, at, le);
    case 17:
      return Number(view.getBigInt64(at, le));
    default:
      return view.getUint8(at);
  }
}

/** A 64-bit offset or count as a number: beyond 2^53 it loses digits, and is beyond any file's end all the same. */
function uint64(view: DataView, at: number, le: boolean): number {
  return Number(view.getBigUint64(at, le));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function quoted(bytes: Uint8Array): string {
  const text = [...bytes.subarray(0, 8)].map((b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : '·'));
  return `“${text.join('')}”`;
}

function notTiff(path: string, why: string): Error {
  return refuse('not-geotiff', `This is not a GeoTIFF: ${why}`, path);
}
