import { randomUUID } from 'node:crypto';
import { must } from '../base/assert.ts';
import { type Clock, isoTime } from '../base/clock.ts';
import type { Areal } from '../contract/geometry.ts';
import type { Region } from '../contract/labels.ts';
import { encodeBlob } from '../vector/geoPackageBlob.ts';
import { arealOf, featureId, fidOf, textOf } from './features.ts';
import { gpkgTime, layerSrsId } from './geoPackage.ts';
import type { Gesture, ReadableDb, Row } from './rights.ts';

/** All regions with a geometry, oldest first. */
export function listRegions(db: ReadableDb): Region[] {
  return db
    .all('SELECT * FROM regions ORDER BY fid')
    .map(toRegion)
    .filter((region) => region !== null);
}

/** Errors: `not-found`. */
export function getRegions(db: ReadableDb, ids: readonly string[]): Region[] {
  return ids
    .map((id) => db.get('SELECT * FROM regions WHERE fid = ?', fidOf(db, 'regions', id)))
    .map((row) => (row ? toRegion(row) : null))
    .filter((region) => region !== null);
}

export interface NewRegion {
  /** "Region N" when absent. */
  readonly name?: string | undefined;
  readonly geometry: Areal;
  readonly scene: string | null;
}

export function addRegions(tx: Gesture, regions: readonly NewRegion[], clock: Clock): Region[] {
  const srsId = layerSrsId(tx, 'regions');
  const created = gpkgTime(isoTime(clock));
  const ids = regions.map(({ name, geometry, scene }) => {
    const uuid = randomUUID();
    tx.insert('regions', {
      geom: encodeBlob(geometry, srsId, true),
      uuid,
      name: name || `Region ${nextNumber(tx)}`,
      scene,
      created,
    });
    return uuid;
  });
  return getRegions(tx, ids);
}

/** Errors: `not-found`. */
export function changeRegion(tx: Gesture, id: string, change: { name?: string; geometry?: Areal }): Region {
  tx.update('regions', fidOf(tx, 'regions', id), {
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.geometry === undefined
      ? {}
      : { geom: encodeBlob(change.geometry, layerSrsId(tx, 'regions'), true) }),
  });
  return must(getRegions(tx, [id])[0], 'the changed region');
}

/** Errors: `not-found`. */
export function removeRegions(tx: Gesture, ids: readonly string[]): void {
  for (const id of ids) tx.remove('regions', fidOf(tx, 'regions', id));
}

function nextNumber(db: ReadableDb): number {
  return (db.get<{ n: number }>('SELECT coalesce(max(fid), 0) AS n FROM regions')?.n ?? 0) + 1;
}

function toRegion(row: Row): Region | null {
  const geometry = arealOf(row.geom);
  if (!geometry) return null;
  const fid = Number(row.fid);
  return {
    id: featureId({ uuid: row.uuid, fid }),
    name: textOf(row.name) ?? `Region ${fid}`,
    geometry,
    scene: textOf(row.scene),
    created: textOf(row.created) ?? '',
  };
}
