import { randomUUID } from 'node:crypto';
import { type Clock, isoTime } from '../base/clock.ts';
import type { SamplePoint } from '../contract/guidance.ts';
import { encodeBlob } from '../vector/geoPackageBlob.ts';
import { classCodeOf, featureId, fidOf, geometryOf, textOf } from './features.ts';
import { gpkgTime, layerSrsId } from './geoPackage.ts';
import type { Gesture, ReadableDb, Row } from './rights.ts';

export type NewSample = Omit<SamplePoint, 'id' | 'created'>;

export function listSamples(db: ReadableDb): SamplePoint[] {
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

function toSample(row: Row): SamplePoint | null {
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
