import { randomUUID } from 'node:crypto';
import { type Clock, isoTime } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { type Field, type FieldChange, type NewField, type Role, roles } from '../contract/labels.ts';
import { encodeBlob } from '../vector/geoPackageBlob.ts';
import { arealOf, classCodeOf, featureId, fidOf, numberOf, textOf } from './features.ts';
import { gpkgTime, layerSrsId } from './geoPackage.ts';
import type { Gesture, Param, ReadableDb, Row } from './rights.ts';

/** All fields with a geometry, oldest first; of one scene where given (fields without a scene belong to all). */
export function listFields(db: ReadableDb, filter: { readonly scene?: string } = {}): Field[] {
  const rows = filter.scene
    ? db.all('SELECT * FROM fields WHERE scene IS NULL OR scene = ? ORDER BY fid', filter.scene)
    : db.all('SELECT * FROM fields ORDER BY fid');
  return rows.map(toField).filter((field) => field !== null);
}

/** Errors: `not-found`. */
export function getFields(db: ReadableDb, ids: readonly string[]): Field[] {
  return ids
    .map((id) => db.get('SELECT * FROM fields WHERE fid = ?', fidOf(db, 'fields', id)))
    .map((row) => (row ? toField(row) : null))
    .filter((field) => field !== null);
}

/** Those of the ids that are there, in the order asked. */
export function knownFields(db: ReadableDb, ids: readonly string[]): Field[] {
  return ids.flatMap((id) => {
    try {
      return getFields(db, [id]);
    } catch (error) {
      if (error instanceof AppError && error.code === 'not-found') return [];
      throw error;
    }
  });
}

/** Labelled fields and how many per class and role, without reading geometries. */
export function countFields(db: ReadableDb): { classCode: number; role: Role; count: number }[] {
  return db
    .all<{ class: unknown; role: unknown; n: number }>(
      'SELECT class, role, count(*) AS n FROM fields WHERE class IS NOT NULL GROUP BY class, role',
    )
    .map((row) => ({ classCode: classCodeOf(row.class) ?? 0, role: roleOf(row.role), count: row.n }))
    .filter(({ classCode }) => classCode > 0);
}

export interface FieldSource {
  /** "drawn", or the file it was imported from. */
  readonly source: string | null;
  readonly note?: string | null;
}

/** Adds fields with valid geometries (see vector/repair.ts); answers them with their ids. */
export function addFields(tx: Gesture, fields: readonly (NewField & FieldSource)[], clock: Clock): Field[] {
  const srsId = layerSrsId(tx, 'fields');
  const created = gpkgTime(isoTime(clock));
  const ids = fields.map((field) => {
    const uuid = randomUUID();
    tx.insert('fields', {
      geom: encodeBlob(field.geometry, srsId, true),
      uuid,
      scene: field.scene,
      class: field.classCode,
      role: field.role,
      confidence: field.confidence,
      source: field.source,
      note: field.note ?? null,
      created,
    });
    return uuid;
  });
  return getFields(tx, ids);
}

/** The same change for each of the fields. Errors: `not-found`. */
export function changeFields(tx: Gesture, ids: readonly string[], change: FieldChange): Field[] {
  const values: Record<string, Param> = {};
  if (change.geometry !== undefined) {
    values.geom = encodeBlob(change.geometry, layerSrsId(tx, 'fields'), true);
    // Counted from the geometry that is gone.
    values.area_pixels = null;
  }
  if (change.classCode !== undefined) values.class = change.classCode;
  if (change.role !== undefined) values.role = change.role;
  if (change.confidence !== undefined) values.confidence = change.confidence;
  if (change.note !== undefined) values.note = change.note;
  for (const id of ids) tx.update('fields', fidOf(tx, 'fields', id), values);
  return getFields(tx, ids);
}

/** Errors: `not-found`. */
export function removeFields(tx: Gesture, ids: readonly string[]): void {
  for (const id of ids) tx.remove('fields', fidOf(tx, 'fields', id));
}

function toField(row: Row): Field | null {
  const geometry = arealOf(row.geom);
  if (!geometry) return null;
  return {
    id: featureId({ uuid: row.uuid, fid: Number(row.fid) }),
    geometry,
    classCode: classCodeOf(row.class),
    role: roleOf(row.role),
    confidence: numberOf(row.confidence, 0, 100),
    scene: textOf(row.scene),
    source: textOf(row.source),
    note: textOf(row.note),
    created: textOf(row.created) ?? '',
  };
}

/** A field drawn in QGIS without a role is a label like any other. */
function roleOf(value: unknown): Role {
  return roles.find((role) => role === value) ?? 'train';
}
