import type { ClassDef } from '../contract/labels.ts';
import type { Gesture, ReadableDb } from './rights.ts';

/** In the order of their codes. */
export function listClasses(db: ReadableDb): ClassDef[] {
  return db.all<ClassDef>('SELECT code, name, color, key FROM classes ORDER BY code');
}

/** Adds classes, or changes those whose code is there. */
export function saveClasses(tx: Gesture, classes: readonly ClassDef[]): void {
  const known = new Map(listClasses(tx).map((c) => [c.code, c]));
  for (const { code, name, color, key } of classes) {
    const before = known.get(code);
    if (!before) tx.insert('classes', { code, name, color, key });
    else if (before.name !== name || before.color !== color || before.key !== key) {
      tx.update('classes', code, { name, color, key });
    }
  }
}

/** Removes a class; its fields and samples stay, without one. Answers how many lost it. */
export function removeClass(tx: Gesture, code: number): number {
  let cleared = 0;
  for (const table of ['fields', 'samples'] as const) {
    for (const { fid } of tx.all<{ fid: number }>(`SELECT fid FROM ${table} WHERE class = ?`, code)) {
      tx.update(table, fid, { class: null });
      cleared += 1;
    }
  }
  if (tx.get('SELECT code FROM classes WHERE code = ?', code)) tx.remove('classes', code);
  return cleared;
}
