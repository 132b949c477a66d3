/**
 * Well-known binary (OGC 06-103r4 section 8, with the ISO 13249-3 codes for Z and M and PostGIS's flag bits). Read in
 * both byte orders, written little endian. Z and M are read over and left out: Swath's fields are flat. Counts in a blob
 * are never trusted: each is checked against the bytes that are left before anything is allocated.
 */
import { AppError } from '../base/errors.ts';
import { fromPolygons, polygonsOf } from './geometry.ts';
import type { Geometry, Position, Ring } from './types.ts';

const names: Readonly<Record<number, string>> = {
  1: 'Point',
  2: 'LineString',
  3: 'Polygon',
  4: 'MultiPoint',
  5: 'MultiLineString',
  6: 'MultiPolygon',
  7: 'GeometryCollection',
  10: 'CurvePolygon',
  12: 'MultiSurface',
};

/** `geometry` is null for empty ones and for kinds that are neither area nor point; `unread` names the latter. */
export interface DecodedWkb {
  readonly geometry: Geometry | null;
  readonly unread?: string;
}

/** A MultiPolygon of one part comes back as a Polygon. Errors: `bad-input` for a blob that is cut short or not WKB. */
export function decodeWkb(bytes: Uint8Array, start = 0): DecodedWkb {
  const reader = new WkbReader(bytes, start);
  const { kind } = reader.header();
  if (kind === 1) {
    const position = reader.position();
    return { geometry: position.some(Number.isNaN) ? null : { type: 'Point', coordinates: position } };
  }
  if (kind === 3) return areal([reader.polygon()]);
  if (kind === 6 || kind === 12) return areal(reader.polygons());
  if (kind === 4) {
    const points = reader.points();
    const [first] = points;
    if (points.length === 0) return { geometry: null };
    if (points.length === 1 && first) return { geometry: { type: 'Point', coordinates: first } };
    return { geometry: null, unread: 'MultiPoint with several points is not one sample' };
  }
  return {
    geometry: null,
    unread: `${names[kind] ?? `Geometry type ${kind}`} is neither an area nor a point`,
  };
}

function areal(polygons: Ring[][]): DecodedWkb {
  const filled = polygons.filter((polygon) => (polygon[0]?.length ?? 0) > 0);
  return { geometry: filled.length > 0 ? fromPolygons(filled) : null };
}

class WkbReader {
  private readonly view: DataView;
  private offset: number;
  private little = true;
  private dimensions = 2;

  constructor(bytes: Uint8Array, start: number) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.offset = start;
  }

  header(): { kind: number } {
    this.need(5);
    const order = this.view.getUint8(this.offset);
    if (order > 1) throw broken(`byte order ${order}`);
    this.little = order === 1;
    this.offset += 1;
    const code = this.uint32();
    const flags = code >>> 28;
    const plain = code & 0x0fffffff;
    const thousands = Math.floor(plain / 1000);
    const extra = thousands === 3 ? 2 : thousands === 1 || thousands === 2 ? 1 : 0;
    this.dimensions = 2 + Math.max(extra, (flags >>> 3) + ((flags >>> 2) & 1));
    // PostGIS stores an SRID after the type when this bit is set.
    if (flags & 2) this.uint32();
    return { kind: plain % 1000 };
  }

  polygons(): Ring[][] {
    return this.list(9, () => {
      const { kind } = this.header();
      if (kind !== 3) throw broken(`${names[kind] ?? kind} inside a MultiPolygon`);
      return this.polygon();
    });
  }

  points(): Position[] {
    return this.list(21, () => {
      const { kind } = this.header();
      if (kind !== 1) throw broken(`${names[kind] ?? kind} inside a MultiPoint`);
      return this.position();
    });
  }

  polygon(): Ring[] {
    return this.list(4, () => this.list(8 * this.dimensions, () => this.position()));
  }

  position(): Position {
    this.need(8 * this.dimensions);
    const x = this.view.getFloat64(this.offset, this.little);
    const y = this.view.getFloat64(this.offset + 8, this.little);
    this.offset += 8 * this.dimensions;
    return [x, y];
  }

  /** `least` is the smallest number of bytes one item can take. */
  private list<T>(least: number, read: () => T): T[] {
    const count = this.uint32();
    this.need(count * least);
    return Array.from({ length: count }, read);
  }

  private uint32(): number {
    this.need(4);
    const value = this.view.getUint32(this.offset, this.little);
    this.offset += 4;
    return value;
  }

  private need(bytes: number): void {
    if (this.offset + bytes > this.view.byteLength) {
      throw broken(`${bytes} bytes expected at ${this.offset} of ${this.view.byteLength}`);
    }
  }
}

function broken(found: string): AppError {
  return new AppError('bad-input', `A geometry is not valid WKB: ${found}`, {
    remedy: 'Export the layer again from the program that wrote it.',
  });
}

/** Little-endian WKB. `multi` writes a Polygon as a MultiPolygon of one part, as typed layers need. */
export function encodeWkb(geometry: Geometry, multi = false): Uint8Array {
  const polygons = geometry.type === 'Point' ? [] : polygonsOf(geometry);
  const asMulti = geometry.type === 'MultiPolygon' || (multi && geometry.type === 'Polygon');
  const view = new DataView(new ArrayBuffer(size(geometry, polygons, asMulti)));
  let offset = 0;
  const head = (kind: number) => {
    view.setUint8(offset, 1);
    view.setUint32(offset + 1, kind, true);
    offset += 5;
  };
  const count = (n: number) => {
    view.setUint32(offset, n, true);
    offset += 4;
  };
  const put = (position: Position) => {
    view.setFloat64(offset, position[0] ?? Number.NaN, true);
    view.setFloat64(offset + 8, position[1] ?? Number.NaN, true);
    offset += 16;
  };
  if (geometry.type === 'Point') {
    head(1);
    put(geometry.coordinates);
  }
  if (asMulti) {
    head(6);
    count(polygons.length);
  }
  for (const polygon of polygons) {
    head(3);
    count(polygon.length);
    for (const ring of polygon) {
      count(ring.length);
      ring.forEach(put);
    }
  }
  return new Uint8Array(view.buffer);
}

function size(geometry: Geometry, polygons: Ring[][], multi: boolean): number {
  if (geometry.type === 'Point') return 21;
  let bytes = multi ? 9 : 0;
  for (const polygon of polygons) {
    bytes += 9;
    for (const ring of polygon) bytes += 4 + 16 * ring.length;
  }
  return bytes;
}
