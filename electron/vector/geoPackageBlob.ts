/**
 * The geometry blob of a GeoPackage (OGC 12-128r18, clause 2.1.3): 'GP', version, flags, srs_id, optional envelope, WKB.
 * Our blobs always carry an envelope for areas, because R-tree triggers read it.
 */
import { AppError } from '../base/errors.ts';
import type { Extent } from '../contract/geometry.ts';
import { boundsOf } from './geometry.ts';
import type { Geometry } from './types.ts';
import { type DecodedWkb, decodeWkb, encodeWkb } from './wkb.ts';

const envelopeBytes = [0, 32, 48, 48, 64];

interface Header {
  readonly empty: boolean;
  readonly srsId: number;
  /** null when the blob carries none. */
  readonly envelope: Extent | null;
  readonly wkbStart: number;
}

/** Errors: `bad-input` for anything that is not a GeoPackage geometry. */
export function readBlobHeader(blob: Uint8Array): Header {
  const flags = blob[3] ?? 0;
  const kind = (flags >> 1) & 7;
  const wkbStart = 8 + (envelopeBytes[kind] ?? Infinity);
  if (blob[0] !== 0x47 || blob[1] !== 0x50 || blob.length < wkbStart) {
    throw new AppError('bad-input', `A geometry of ${blob.length} bytes is not a GeoPackage geometry`, {
      remedy: 'Run `swath check` on the project, or export the layer again.',
    });
  }
  const little = (flags & 1) === 1;
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const f64 = (i: number) => view.getFloat64(8 + 8 * i, little);
  return {
    empty: ((flags >> 4) & 1) === 1,
    srsId: view.getInt32(4, little),
    envelope: kind === 0 ? null : [f64(0), f64(2), f64(1), f64(3)],
    wkbStart,
  };
}

export function decodeBlob(blob: Uint8Array): DecodedWkb {
  const header = readBlobHeader(blob);
  return header.empty ? { geometry: null } : decodeWkb(blob, header.wkbStart);
}

/** minx, miny, maxx, maxy; null when empty. From the envelope where there is one, else from the WKB. */
export function blobBounds(blob: Uint8Array): Extent | null {
  const header = readBlobHeader(blob);
  if (header.empty) return null;
  if (header.envelope) return header.envelope.some(Number.isNaN) ? null : header.envelope;
  const { geometry } = decodeWkb(blob, header.wkbStart);
  return geometry ? boundsOf(geometry) : null;
}

/** `multi`: a Polygon is written as MultiPolygon. */
export function encodeBlob(geometry: Geometry, srsId: number, multi = false): Uint8Array {
  const wkb = encodeWkb(geometry, multi);
  const bounds = geometry.type === 'Point' ? null : boundsOf(geometry);
  const start = 8 + (bounds ? 32 : 0);
  const blob = new Uint8Array(start + wkb.length);
  const view = new DataView(blob.buffer);
  blob.set([0x47, 0x50, 0, 1 | (bounds ? 2 : 0)]);
  view.setInt32(4, srsId, true);
  if (bounds) {
    [bounds[0], bounds[2], bounds[1], bounds[3]].forEach((v, i) => {
      view.setFloat64(8 + 8 * i, v, true);
    });
  }
  blob.set(wkb, start);
  return blob;
}

/** The same blob under another srs_id: the four bytes after the flags. */
export function withSrsId(blob: Uint8Array, srsId: number): Uint8Array {
  const copy = Uint8Array.from(blob);
  new DataView(copy.buffer).setInt32(4, srsId, ((blob[3] ?? 0) & 1) === 1);
  return copy;
}
