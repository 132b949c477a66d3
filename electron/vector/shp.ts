/** Shapes of a .shp file (ESRI Shapefile Technical Description, 1998): polygons and points, with Z and M read over. */
import { AppError } from '../base/errors.ts';
import { contains, fromPolygons, signedRingArea } from './geometry.ts';
import type { Geometry, Ring } from './types.ts';

const names: Readonly<Record<number, string>> = { 3: 'LineString', 8: 'MultiPoint', 31: 'MultiPatch' };

export interface Shape {
  readonly geometry: Geometry | null;
  readonly unread?: string;
}

/** One per record, in order. Errors: `bad-input` for a file that is not a Shapefile; one that is cut short is read as far as it goes and refused. */
export function readShp(bytes: Uint8Array, file: string): Shape[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 100 || view.getInt32(0, false) !== 9994)
    throw broken(file, 'it has no Shapefile header');
  const shapes: Shape[] = [];
  let offset = 100;
  while (offset + 8 <= bytes.length) {
    const length = view.getInt32(offset + 4, false) * 2;
    const start = offset + 8;
    if (length < 4 || start + length > bytes.length) {
      throw broken(file, `record ${shapes.length + 1} reaches beyond its end`);
    }
    shapes.push(
      readShape(new DataView(bytes.buffer, bytes.byteOffset + start, length), file, shapes.length + 1),
    );
    offset = start + length;
  }
  return shapes;
}

function broken(file: string, found: string): AppError {
  return new AppError('bad-input', `${file} is not a whole Shapefile: ${found}`, {
    subject: file,
    remedy: 'Copy the .shp file again from its source.',
  });
}

function readShape(view: DataView, file: string, record: number): Shape {
  const type = view.getInt32(0, true);
  if (type === 0) return { geometry: null };
  const plain = type % 10;
  const known = type === plain || type === plain + 10 || type === plain + 20;
  if (known && plain === 1) {
    if (view.byteLength < 20) throw broken(file, `point ${record} is cut short`);
    return {
      geometry: { type: 'Point', coordinates: [view.getFloat64(4, true), view.getFloat64(12, true)] },
    };
  }
  if (known && plain === 5) return { geometry: toPolygons(readRings(view, file, record)) };
  const name = names[type === 31 ? 31 : plain] ?? `Shape type ${type}`;
  return { geometry: null, unread: `${name} is neither an area nor a point` };
}

function readRings(view: DataView, file: string, record: number): Ring[] {
  if (view.byteLength < 44) throw broken(file, `polygon ${record} is cut short`);
  const parts = view.getInt32(36, true);
  const points = view.getInt32(40, true);
  const first = 44 + 4 * parts;
  if (parts < 0 || points < 0 || first + 16 * points > view.byteLength) {
    throw broken(file, `polygon ${record} states ${parts} parts and ${points} points`);
  }
  const starts = Array.from({ length: parts }, (_, i) => view.getInt32(44 + 4 * i, true));
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? points;
    if (start < 0 || end < start || end > points)
      throw broken(file, `polygon ${record} has parts out of order`);
    return Array.from({ length: end - start }, (_, k) => {
      const at = first + 16 * (start + k);
      return [view.getFloat64(at, true), view.getFloat64(at + 8, true)];
    });
  });
}

/** Clockwise rings are outer ones; each hole goes to the smallest outer ring that holds it, else it is an area itself. */
function toPolygons(rings: Ring[]): Geometry | null {
  const whole = rings.filter((ring) => ring.length >= 3);
  if (whole.length === 0) return null;
  const single = whole.length === 1;
  const outers = whole.filter((ring) => single || signedRingArea(ring) <= 0);
  const polygons = (outers.length > 0 ? outers : whole).map((ring): Ring[] => [ring]);
  const sizes = polygons.map(([outer]) => Math.abs(signedRingArea(outer ?? [])));
  const holes = outers.length > 0 ? whole.filter((ring) => !outers.includes(ring)) : [];
  for (const hole of holes) {
    let home: Ring[] | undefined;
    let homeSize = Infinity;
    polygons.forEach((polygon, i) => {
      const size = sizes[i] ?? Infinity;
      if (size < homeSize && size >= Math.abs(signedRingArea(hole)) && holds(polygon[0] ?? [], hole)) {
        home = polygon;
        homeSize = size;
      }
    });
    if (home) home.push(hole);
    else {
      polygons.push([hole]);
      sizes.push(0);
    }
  }
  return fromPolygons(polygons);
}

/** By the middle of the hole's first edge too, because a corner may lie on the outer ring. */
function holds(outer: Ring, hole: Ring): boolean {
  const areal = { type: 'Polygon' as const, coordinates: [outer] };
  const [a = [0, 0], b = [0, 0]] = hole;
  const [ax = 0, ay = 0] = a;
  const [bx = 0, by = 0] = b;
  return contains(areal, ax, ay) || contains(areal, (ax + bx) / 2, (ay + by) / 2);
}
