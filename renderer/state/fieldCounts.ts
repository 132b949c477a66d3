import type { Field, Role } from '../../electron/contract/labels.ts';

export type RoleCounts = Readonly<Record<Role, number>>;
export interface FieldCounts {
  readonly total: number;
  readonly labelled: number;
  readonly byClass: ReadonlyMap<number, RoleCounts>;
}

/** Fields per class and role: what the balance bars show. */
export function countFields(fields: readonly Field[]): FieldCounts {
  const byClass = new Map<number, Record<Role, number>>();
  let labelled = 0;
  for (const field of fields) {
    if (field.classCode === null) continue;
    labelled += 1;
    const counts = byClass.get(field.classCode) ?? { train: 0, validation: 0, accuracy: 0 };
    counts[field.role] += 1;
    byClass.set(field.classCode, counts);
  }
  return { total: fields.length, labelled, byClass };
}
