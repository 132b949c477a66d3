import type { Suggestion } from '../../../electron/contract/guidance.ts';
import type { Field } from '../../../electron/contract/labels.ts';
import type { Labels } from '../../state/labels.svelte.ts';

/** Side of the field that a label at a point becomes: a little ground, so that a wrong border is unlikely. */
const pointSide = 5;

/** The class that a place has by now: of its field, or of one that was made at its point. */
export function labelOf(fields: readonly Field[], place: Suggestion): number | null {
  const field = place.field
    ? fields.find((f) => f.id === place.field)
    : fields.findLast((f) => f.source === 'drawn' && isMiddle(f, place));
  return field?.classCode ?? null;
}

function isMiddle({ geometry }: Field, { x, y }: Suggestion): boolean {
  if (geometry.type !== 'Polygon') return false;
  const ring = geometry.coordinates[0] ?? [];
  const middle = (axis: 0 | 1) => {
    const values = ring.map((position) => position[axis] ?? Number.NaN);
    return (Math.min(...values) + Math.max(...values)) / 2;
  };
  const near = (a: number, b: number) => Math.abs(a - b) < 1e-6 * Math.max(1, Math.abs(b));
  return ring.length === 5 && near(middle(0), x) && near(middle(1), y);
}

/** Gives the field of a place its class, or makes a small square field at its point. `pixel` in map units. */
export async function labelAt(
  labels: Labels,
  place: Suggestion,
  code: number,
  { pixel, scene }: { readonly pixel: number; readonly scene: string | null },
): Promise<void> {
  labels.code = code;
  if (place.field) return labels.change([place.field], { classCode: code, role: labels.role });
  const half = (pointSide * pixel) / 2;
  const { x, y } = place;
  const ring = [
    [x - half, y - half],
    [x + half, y - half],
    [x + half, y + half],
    [x - half, y + half],
    [x - half, y - half],
  ];
  return labels.draw({ type: 'Polygon', coordinates: [ring] }, scene);
}
