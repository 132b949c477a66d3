/** What the three layers share. Rows may come from QGIS: any column may be empty or hold something unexpected. */
import { randomUUID } from 'node:crypto';
import { AppError } from '../base/errors.ts';
import type { Areal } from '../contract/geometry.ts';
import { decodeBlob } from '../vector/geoPackageBlob.ts';
import type { Geometry } from '../vector/types.ts';
import type { ReadableDb, WritableDb } from './rights.ts';

export const layers = ['regions', 'fields', 'samples'] as const;
export type LayerTable = (typeof layers)[number];

/** A feature's id: its uuid; before it has one (drawn in QGIS, seen read-only) `fid:` and its row number. */
export function featureId(row: { readonly uuid: unknown; readonly fid: number }): string {
  return typeof row.uuid === 'string' && row.uuid !== '' ? row.uuid : `fid:${row.fid}`;
}

/** Row number of a feature. Errors: `not-found`. */
export function fidOf(db: ReadableDb, table: LayerTable, id: string): number {
  const row = id.startsWith('fid:')
    ? db.get<{ fid: number }>(`SELECT fid FROM ${table} WHERE fid = ?`, Number(id.slice(4)) || 0)
    : db.get<{ fid: number }>(`SELECT fid FROM ${table} WHERE uuid = ? ORDER BY fid`, id);
  if (row) return row.fid;
  throw new AppError('not-found', `There is no feature ${id} in ${table}`, {
    subject: id,
    remedy: 'It may have been removed meanwhile: list them again.',
  });
}

/** Gives a uuid to features without one, and to copies that carry their original's. Answers how many. */
export function fillIds(db: WritableDb): number {
  return db.transaction(() => {
    let filled = 0;
    for (const table of layers) {
      const rows = db.all<{ fid: number }>(
        `SELECT fid FROM ${table} WHERE uuid IS NULL OR uuid = ''
           OR EXISTS (SELECT 1 FROM ${table} AS o WHERE o.uuid = ${table}.uuid AND o.fid < ${table}.fid)`,
      );
      for (const { fid } of rows) db.run(`UPDATE ${table} SET uuid = ? WHERE fid = ?`, randomUUID(), fid);
      filled += rows.length;
    }
    return filled;
  });
}

/** The geometry of a row, null when it is empty or broken (`swath check` lists those). */
export function geometryOf(blob: unknown): Geometry | null {
  if (!(blob instanceof Uint8Array)) return null;
  try {
    return decodeBlob(blob).geometry;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

export function arealOf(blob: unknown): Areal | null {
  const geometry = geometryOf(blob);
  return geometry && geometry.type !== 'Point' ? geometry : null;
}

export const textOf = (value: unknown): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;

export const numberOf = (value: unknown, min: number, max: number): number | null =>
  typeof value === 'number' && value >= min && value <= max ? value : null;

/** 1…255, else null: 0, text and the like are "no class". */
export function classCodeOf(value: unknown): number | null {
  const code = numberOf(value, 1, 255);
  return code !== null && Number.isInteger(code) ? code : null;
}
