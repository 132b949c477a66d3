import type { Areal } from '../../electron/contract/geometry.ts';
import type { NewField } from '../../electron/contract/labels.ts';
import type { FieldSource } from '../../electron/store/fields.ts';

/** A square of `side` with its lower left corner at (x, y). */
export function square(x: number, y: number, side = 10): Areal {
  return {
    type: 'Polygon',
    coordinates: [
      [
        [x, y],
        [x + side, y],
        [x + side, y + side],
        [x, y + side],
        [x, y],
      ],
    ],
  };
}

export function newField(x: number, classCode: number | null = 1): NewField & FieldSource {
  return { geometry: square(x, 0), classCode, role: 'train', scene: null, confidence: null, source: 'drawn' };
}
