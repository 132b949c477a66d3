import { basename } from 'node:path';
import { AppError } from '../base/errors.ts';
import { toValue } from '../vector/attributes.ts';
import { crsFromEpsg, crsFromWkt, unknownCrs } from '../vector/crs.ts';
import { decodeBlob } from '../vector/geoPackageBlob.ts';
import type { Attribute, AttributeType, Feature, Value, VectorCrs, VectorLayer } from '../vector/types.ts';
import { openUntouched } from './openRead.ts';
import type { ReadableDb } from './rights.ts';

/**
 * One layer of a GeoPackage, ours or another's; the first with areas when `layer` is not given. The file is not changed,
 * not even by its opening. Attributes keep their order; blobs other than the geometry are left out.
 * Errors: `not-found`, `bad-input` for a file that is damaged or no GeoPackage, or has no such layer.
 */
export function readGeoPackage(path: string, layer?: string): VectorLayer {
  const db = openUntouched(path);
  try {
    return readLayer(db, path, layer);
  } finally {
    db.close();
  }
}

interface LayerRow {
  readonly table_name: string;
  readonly column_name: string;
  readonly geometry_type_name: string;
  readonly srs_id: number;
}

function readLayer(db: ReadableDb, path: string, wanted: string | undefined): VectorLayer {
  const rows = listLayers(db, path);
  const areal = rows.find((row) => /POLYGON|SURFACE|GEOMETRY/i.test(row.geometry_type_name));
  const row = wanted === undefined ? (areal ?? rows[0]) : rows.find((r) => r.table_name === wanted);
  const names = rows.map((r) => r.table_name);
  if (!row) {
    throw new AppError(
      'bad-input',
      `${basename(path)} has no layer${wanted ? ` named ${wanted}` : ' with shapes'}`,
      {
        subject: path,
        remedy: names.length > 0 ? `It has ${names.join(', ')}.` : 'Give a GeoPackage with a polygon layer.',
      },
    );
  }
  const columns = db.all<{ name: string; type: string; pk: number }>(
    'SELECT name, type, pk FROM pragma_table_info(?)',
    row.table_name,
  );
  const fields = columns
    .filter((c) => c.name !== row.column_name && c.pk === 0 && !/^BLOB/i.test(c.type))
    .map((c): Attribute => ({ name: c.name, type: typeOf(c.type) }));
  const selected = [row.column_name, ...fields.map((field) => field.name)].map(quoted).join(', ');
  const features = db
    .all(`SELECT ${selected} FROM ${quoted(row.table_name)}`)
    .map((values): Feature => toFeature(values, row.column_name, fields));
  return { name: row.table_name, layers: names, fields, features, crs: readCrs(db, row.srs_id) };
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

function listLayers(db: ReadableDb, path: string): LayerRow[] {
  if (!db.get("SELECT 1 FROM sqlite_master WHERE name = 'gpkg_geometry_columns'")) {
    throw new AppError('bad-input', `${basename(path)} is a database, but not a GeoPackage with layers`, {
      subject: path,
      remedy: 'Export the layer as GeoPackage from your GIS.',
    });
  }
  return db.all<LayerRow>(
    `SELECT g.table_name, g.column_name, g.geometry_type_name, g.srs_id FROM gpkg_geometry_columns g
     JOIN gpkg_contents c ON c.table_name = g.table_name WHERE c.data_type = 'features' ORDER BY c.rowid`,
  );
}

function typeOf(declared: string): AttributeType {
  if (/^BOOL/i.test(declared)) return 'boolean';
  if (/INT/i.test(declared)) return 'integer';
  if (/^(REAL|DOUBLE|FLOAT|NUMERIC)/i.test(declared)) return 'real';
  return /^DATE/i.test(declared) ? 'date' : 'text';
}

function toFeature(
  values: Readonly<Record<string, unknown>>,
  geometryColumn: string,
  fields: Attribute[],
): Feature {
  const properties: Record<string, Value> = {};
  for (const { name, type } of fields) {
    const value = toValue(values[name]);
    properties[name] = type === 'boolean' && typeof value === 'number' ? value !== 0 : value;
  }
  const blob = values[geometryColumn];
  if (!(blob instanceof Uint8Array)) return { geometry: null, properties };
  try {
    return { ...decodeBlob(blob), properties };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { geometry: null, unread: error.message, properties };
  }
}

function readCrs(db: ReadableDb, srsId: number): VectorCrs {
  const row = db.get<{ organization: string; organization_coordsys_id: number; definition: string }>(
    'SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?',
    srsId,
  );
  // −1 and 0 are "undefined" by the standard.
  if (!row || srsId <= 0) return unknownCrs;
  const wkt = row.definition === 'undefined' ? null : row.definition;
  if (row.organization.toUpperCase() === 'EPSG') return { ...crsFromEpsg(row.organization_coordsys_id), wkt };
  return wkt ? crsFromWkt(wkt) : unknownCrs;
}
