import { randomUUID } from 'node:crypto';
import { type Clock, isoTime } from '../base/clock.ts';
import { encodeBlob } from '../vector/geoPackageBlob.ts';
import { classCodeOf, featureId, fidOf, geometryOf, textOf } from './features.ts';
import { gpkgTime, layerSrsId } from './geoPackage.ts';
import type { Gesture, ReadableDb, Row } from './rights.ts';

/** A point at which a map is compared with the ground. */
export interface Sample {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  /** What it is on the ground; null until someone has looked. */
  readonly classCode: number | null;
  /** What the map said when the sample was drawn: its stratum. */
  readonly mapClass: number | null;
  readonly role: string | null;
  readonly note: string | null;
  readonly created: string;
}
export type NewSample = Omit<Sample, 'id' | 'created'>;

export function listSamples(db: ReadableDb): Sample[] {
  return db
    .all('SELECT * FROM samples ORDER BY fid')
    .map(toSample)
    .filter((sample) => sample !== null);
}

export function addSamples(tx: Gesture, samples: readonly NewSample[], clock: Clock): string[] {
  const srsId = layerSrsId(tx, 'samples');
  const created = gpkgTime(isoTime(clock));
  return samples.map(({ x, y, classCode, mapClass, role, note }) => {
    const uuid = randomUUID();
    const geom = encodeBlob({ type: 'Point', coordinates: [x, y] }, srsId);
    tx.insert('samples', { geom, uuid, class: classCode, role, map_class: mapClass, note, created });
    return uuid;
  });
}

/** What was found on the ground. Errors: `not-found`. */
export function labelSamples(tx: Gesture, ids: readonly string[], classCode: number | null): void {
  for (const id of ids) tx.update('samples', fidOf(tx, 'samples', id), { class: classCode });
}

/** Errors: `not-found`. */
export function removeSamples(tx: Gesture, ids: readonly string[]): void {
  for (const id of ids) tx.remove('samples', fidOf(tx, 'samples', id));
}

function toSample(row: Row): Sample | null {
  const geometry = geometryOf(row.geom);
  if (geometry?.type !== 'Point') return null;
  const [x = Number.NaN, y = Number.NaN] = geometry.coordinates;
  return {
    id: featureId({ uuid: row.uuid, fid: Number(row.fid) }),
    x,
    y,
    classCode: classCodeOf(row.class),
    mapClass: classCodeOf(row.map_class),
    role: textOf(row.role),
    note: textOf(row.note),
    created: textOf(row.created) ?? '',
  };
}
