import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { asyncBufferFromFile, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { AppError, fromSystemError } from '../base/errors.ts';
import { toValue } from './attributes.ts';
import { crsFromEpsg, crsFromName, unknownCrs } from './crs.ts';
import { decompressors } from './decompressors.ts';
import type { Attribute, AttributeType, Feature, Value, VectorCrs, VectorLayer } from './types.ts';
import { decodeWkb } from './wkb.ts';

/**
 * GeoParquet 1.x and fiboa (field boundaries are GeoParquet with agreed column names); also plain Parquet with a WKB
 * column named geometry, geom or wkb, whose CRS is then unknown. Nested columns are left out.
 * Errors: `bad-input` for a file that is not Parquet or has no geometry, `unsupported` for encodings other than WKB.
 */
export async function readParquet(path: string): Promise<VectorLayer> {
  if (!existsSync(path)) throw fromSystemError({ code: 'ENOENT' }, path);
  const name = basename(path, extname(path));
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file, { geoparquet: false });
    const geo = readGeoMetadata(metadata);
    const columns = topLevelColumns(metadata);
    const geometryColumn = findGeometryColumn(
      columns.map((c) => c.name),
      geo,
      path,
    );
    const fields = columns.filter((column) => column.name !== geometryColumn);
    const rows = await parquetReadObjects({
      file,
      metadata,
      geoparquet: false,
      utf8: false,
      compressors: decompressors,
      columns: [geometryColumn, ...fields.map((field) => field.name)],
    });
    const features = rows.map((row): Feature => {
      const properties: Record<string, Value> = {};
      for (const { name: field } of fields) properties[field] = toValue(row[field]);
      const blob: unknown = row[geometryColumn];
      return { ...(blob instanceof Uint8Array ? decodeWkb(blob) : { geometry: null }), properties };
    });
    return { name, layers: [name], fields, features, crs: readCrs(geo?.columns?.[geometryColumn]) };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError(
      'bad-input',
      `${basename(path)} is not a whole Parquet file: ${(cause as Error).message}`,
      {
        subject: path,
        remedy: 'Copy it again from its source, or convert it to GeoPackage.',
        cause,
      },
    );
  }
}

interface GeoColumn {
  readonly encoding?: unknown;
  readonly crs?: unknown;
}
interface GeoMetadata {
  readonly primary_column?: string;
  readonly columns?: Readonly<Record<string, GeoColumn>>;
}

function readGeoMetadata(metadata: FileMetaData): GeoMetadata | null {
  const text = metadata.key_value_metadata?.find(({ key }) => key === 'geo')?.value;
  return text ? (JSON.parse(text) as GeoMetadata) : null;
}

/** Leaves directly under the root of the schema; the list is depth first, so nested ones are stepped over. */
function topLevelColumns(metadata: FileMetaData): Attribute[] {
  const [, ...elements] = metadata.schema;
  const columns: Attribute[] = [];
  let inside = 0;
  for (const element of elements) {
    const children = element.num_children ?? 0;
    if (inside > 0) inside += children - 1;
    else if (children > 0) inside = children;
    else columns.push({ name: element.name, type: typeOf(element) });
  }
  return columns;
}

function typeOf(element: FileMetaData['schema'][number]): AttributeType {
  if (element.converted_type === 'DECIMAL') return 'real';
  if (element.converted_type === 'DATE' || element.converted_type?.startsWith('TIMESTAMP')) return 'date';
  if (element.type === 'BOOLEAN') return 'boolean';
  if (element.type === 'INT32' || element.type === 'INT64') return 'integer';
  return element.type === 'FLOAT' || element.type === 'DOUBLE' ? 'real' : 'text';
}

function findGeometryColumn(columns: string[], geo: GeoMetadata | null, path: string): string {
  const stated = geo?.primary_column;
  const found =
    columns.find((c) => c === stated) ?? columns.find((c) => /^(geometry|geom|wkb(_geometry)?)$/i.test(c));
  if (!found) {
    throw new AppError('bad-input', `${basename(path)} has no geometry column`, {
      subject: path,
      remedy: `Its columns are ${columns.join(', ')}. Save it as GeoParquet.`,
    });
  }
  const encoding = geo?.columns?.[found]?.encoding ?? 'WKB';
  if (encoding === 'WKB') return found;
  throw new AppError(
    'unsupported',
    `${basename(path)} stores geometries as ${String(encoding)}, not as WKB`,
    {
      subject: path,
      remedy: 'Save it with WKB encoding, the default of GeoParquet 1.0, or as GeoPackage.',
    },
  );
}

/** PROJJSON; absent means OGC:CRS84, null means unknown (GeoParquet 1.1, column metadata). */
function readCrs(column: GeoColumn | undefined): VectorCrs {
  if (!column || column.crs === null) return unknownCrs;
  if (column.crs === undefined) return crsFromEpsg(4326);
  const { id, components } = column.crs as {
    id?: { authority?: string; code?: unknown };
    components?: unknown[];
  };
  if (id) return crsFromName(`${id.authority}:${String(id.code)}`) ?? unknownCrs;
  // A compound CRS: the horizontal part comes first.
  return Array.isArray(components) ? readCrs({ crs: components[0] }) : unknownCrs;
}
