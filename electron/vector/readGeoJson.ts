import { AppError } from '../base/errors.ts';
import { inferAttributes, toValue } from './attributes.ts';
import { crsFromEpsg, crsFromName, unknownCrs } from './crs.ts';
import type { Feature, Geometry, Position, Value, VectorCrs, VectorLayer } from './types.ts';

/**
 * GeoJSON (RFC 7946), with the `crs` member of its 2008 predecessor; WGS 84 when there is none, `crs: null` is unknown.
 * Takes a FeatureCollection, a Feature, a bare geometry, or one Feature per line.
 * Errors: `bad-input` for text that is not GeoJSON, `unsupported` for a CRS that is not named by an EPSG code.
 */
export function parseGeoJson(text: string, name: string): VectorLayer {
  const root = parseText(text.replace(/^\uFEFF/, ''), name);
  const objects = collect(root, name);
  const features = objects.map(toFeature);
  return {
    name: typeof root.name === 'string' && root.name !== '' ? root.name : name,
    layers: [name],
    fields: inferAttributes(features),
    features,
    crs: readCrs(root, name),
  };
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseText(text: string, name: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (cause) {
    const lines = parseLines(text);
    if (lines) return { type: 'FeatureCollection', features: lines };
    throw new AppError('bad-input', `${name} is not GeoJSON: ${(cause as Error).message}`, {
      subject: name,
      remedy: 'The file may be cut short: export it again.',
      cause,
    });
  }
  throw notGeoJson(name, 'no object at the top');
}

/** Newline-delimited features (RFC 8142, GeoJSONSeq); null when a line is not one. */
function parseLines(text: string): unknown[] | null {
  const lines = text
    .replaceAll('\u001e', '\n')
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (lines.length < 2) return null;
  try {
    const values: unknown[] = lines.map((line) => JSON.parse(line));
    return values.every((v) => isObject(v) && v.type === 'Feature') ? values : null;
  } catch {
    return null;
  }
}

function collect(root: Json, name: string): Json[] {
  if (root.type === 'FeatureCollection') {
    if (!Array.isArray(root.features)) throw notGeoJson(name, 'a FeatureCollection without features');
    return root.features.filter(isObject);
  }
  if (root.type === 'Feature') return [root];
  if ('coordinates' in root) return [{ type: 'Feature', geometry: root, properties: null }];
  throw notGeoJson(name, `type ${JSON.stringify(root.type ?? null)}`);
}

function notGeoJson(name: string, found: string): AppError {
  return new AppError('bad-input', `${name} is not GeoJSON: ${found}`, {
    subject: name,
    remedy: 'Give a FeatureCollection of polygons.',
  });
}

function toFeature(object: Json): Feature {
  const properties: Record<string, Value> = {};
  if (isObject(object.properties)) {
    for (const [key, value] of Object.entries(object.properties)) properties[key] = toValue(value);
  }
  return { ...toGeometry(object.geometry), properties };
}

function toGeometry(value: unknown): { geometry: Geometry | null; unread?: string } {
  if (!isObject(value)) return { geometry: null };
  const { type, coordinates } = value;
  if (type === 'Point' && isPosition(coordinates)) {
    return { geometry: { type, coordinates: coordinates.slice(0, 2) } };
  }
  if (type === 'Polygon' && isRings(coordinates)) {
    return coordinates.length > 0
      ? { geometry: { type, coordinates: flat(coordinates) } }
      : { geometry: null };
  }
  if (type === 'MultiPolygon' && Array.isArray(coordinates) && coordinates.every(isRings)) {
    const parts = coordinates.filter((rings) => rings.length > 0).map(flat);
    return parts.length > 0 ? { geometry: { type, coordinates: parts } } : { geometry: null };
  }
  const areal = type === 'Point' || type === 'Polygon' || type === 'MultiPolygon';
  return {
    geometry: null,
    unread: areal ? `${type} with malformed coordinates` : `${String(type)} is neither an area nor a point`,
  };
}

const isPosition = (value: unknown): value is Position =>
  Array.isArray(value) && value.length >= 2 && value.every((v) => typeof v === 'number');
const isRings = (value: unknown): value is Position[][] =>
  Array.isArray(value) && value.every((ring) => Array.isArray(ring) && ring.every(isPosition));
const flat = (rings: Position[][]): Position[][] => rings.map((ring) => ring.map((p) => p.slice(0, 2)));

function readCrs(root: Json, name: string): VectorCrs {
  if (!('crs' in root)) return crsFromEpsg(4326);
  if (root.crs === null) return unknownCrs;
  const properties = isObject(root.crs) && isObject(root.crs.properties) ? root.crs.properties : {};
  const stated = properties.name ?? properties.code;
  const crs =
    typeof stated === 'number'
      ? crsFromEpsg(stated)
      : typeof stated === 'string'
        ? crsFromName(stated)
        : null;
  if (crs) return crs;
  throw new AppError(
    'unsupported',
    `${name} names a CRS that is not understood: ${JSON.stringify(root.crs)}`,
    {
      subject: name,
      remedy: 'Save it as RFC 7946 GeoJSON (WGS 84), or in a CRS with an EPSG code.',
    },
  );
}
