import { rmSync } from 'node:fs';
import { type Clock, isoTime } from '../base/clock.ts';
import { fromSystemError } from '../base/errors.ts';
import type { CrsRef } from '../contract/geometry.ts';
import type { ClassDef } from '../contract/labels.ts';
import { commitPart, partName } from '../disk/atomicWrite.ts';
import { orient } from '../vector/geometry.ts';
import { encodeBlob } from '../vector/geoPackageBlob.ts';
import type { Attribute, Feature } from '../vector/types.ts';
import { connect } from './connect.ts';
import {
  createCoreTables,
  createFeatureLayer,
  gpkgTime,
  refreshContents,
  undefinedCartesian,
} from './geoPackage.ts';
import { registerSrs } from './project.ts';
import type { Param, WritableDb } from './rights.ts';
import { categorizedQml, saveStyle } from './styles.ts';

export interface ExportLayer {
  readonly name: string;
  readonly description: string;
  readonly geometryType: 'POINT' | 'MULTIPOLYGON';
  readonly attributes: readonly Attribute[];
  readonly features: readonly Feature[];
  /** Colours the layer in QGIS by the attribute that holds class codes. */
  readonly style: { readonly attribute: string; readonly classes: readonly ClassDef[] } | null;
}

/**
 * A GeoPackage of its own: one file without a log, layers styled for QGIS, written beside `path` and renamed when whole
 * (an older file of that name is replaced). `crs: null` is local pixel coordinates.
 * Errors: `read-only`, `disk-full`.
 */
export function writeGeoPackage(
  path: string,
  layers: readonly ExportLayer[],
  options: { readonly crs: CrsRef | null; readonly clock: Clock },
): void {
  const part = partName(path);
  try {
    const db = connect(part, { readonly: false, create: true, shown: path });
    try {
      db.pragma('journal_mode = DELETE');
      createCoreTables(db);
      db.transaction(() => {
        const srsId = options.crs ? registerSrs(db, options.crs) : undefinedCartesian;
        const now = gpkgTime(isoTime(options.clock));
        for (const layer of layers) writeLayer(db, layer, srsId, now);
      });
    } finally {
      db.close();
    }
    commitPart(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw fromSystemError(error, path) ?? error;
  }
}

const sqlTypes = {
  text: 'TEXT',
  integer: 'INTEGER',
  real: 'REAL',
  boolean: 'BOOLEAN',
  date: 'TEXT',
} as const;

function writeLayer(db: WritableDb, layer: ExportLayer, srsId: number, now: string): void {
  const table = layer.name.replaceAll(/[^\p{L}\p{N}_]+/gu, '_') || 'layer';
  // fid and geom are the layer's own.
  const columns = layer.attributes.map((attribute) => ({
    ...attribute,
    column: /^(fid|geom)$/i.test(attribute.name) ? `${attribute.name}_1` : attribute.name,
  }));
  const quoted = columns.map(({ column }) => `"${column.replaceAll('"', '""')}"`);
  createFeatureLayer(db, {
    table,
    description: layer.description,
    geometryType: layer.geometryType,
    columns: columns.map(({ type }, i) => `${quoted[i]} ${sqlTypes[type]}`),
    srsId,
  });
  const sql = `INSERT INTO "${table}" (${['geom', ...quoted].join(', ')}) VALUES (${['?', ...quoted.map(() => '?')].join(', ')})`;
  for (const { geometry, properties } of layer.features) {
    const shape = geometry && geometry.type !== 'Point' ? orient(geometry) : geometry;
    const values = columns.map(({ name }): Param => {
      const value = properties[name] ?? null;
      return typeof value === 'boolean' ? Number(value) : value;
    });
    db.run(sql, shape && encodeBlob(shape, srsId, layer.geometryType === 'MULTIPOLYGON'), ...values);
  }
  refreshContents(db, table, now);
  if (layer.style) {
    const kind = layer.geometryType === 'POINT' ? 'marker' : 'fill';
    saveStyle(db, table, categorizedQml(layer.style.classes, layer.style.attribute, kind), now);
  }
}
