import type { Client } from '../../electron/contract/client.ts';
import type { Areal } from '../../electron/contract/geometry.ts';
import type { Field } from '../../electron/contract/labels.ts';
import type { Scene } from '../../electron/contract/scene.ts';
import type { Labels } from './labels.svelte.ts';

type Place = readonly [number, number];
export interface Stroke {
  readonly line: readonly Place[];
  readonly radius: number;
}

/** Side of what one click of the point tool labels, in pixels of the scene. */
const pointPixels = 3;

/** The gestures that change outlines or copy fields; each is one step of undo. */
export class FieldEdits {
  readonly #client: Client;
  readonly #labels: Labels;
  #copied: readonly Field[] = [];

  constructor(client: Client, labels: Labels) {
    this.#client = client;
    this.#labels = labels;
  }

  /** Grows the one selected field where the stroke touches it; else paints a field, which is then selected. */
  async brush({ line, radius }: Stroke, scene: string | null): Promise<void> {
    const [only, second] = this.#labels.selected;
    const edited = await this.#client.call('fields.brush', {
      ...this.#labels.inHand(),
      scene,
      line: mutable(line),
      radius,
      ...(only !== undefined && second === undefined ? { field: only } : {}),
    });
    this.#labels.apply(edited);
    this.#labels.selected = edited.fields.map((field) => field.id);
  }

  /** Takes the stroke from the selected fields, or from those it meets when none is selected. */
  async erase({ line, radius }: Stroke): Promise<void> {
    const { selected, fields } = this.#labels;
    const ids =
      selected.length > 0
        ? selected
        : fields.filter((f) => isNear(f.geometry, line, radius)).map((f) => f.id);
    if (ids.length === 0) return;
    this.#labels.apply(
      await this.#client.call('fields.erase', { fields: [...ids], line: mutable(line), radius }),
    );
  }

  async merge(): Promise<void> {
    const { selected } = this.#labels;
    if (selected.length < 2) return;
    const edited = await this.#client.call('fields.merge', { fields: [...selected] });
    this.#labels.apply(edited);
  }

  /** Cuts the selected fields, or those that the line meets when none is selected. */
  async split(line: readonly Place[], met: readonly string[]): Promise<void> {
    const fields = this.#labels.selected.length > 0 ? this.#labels.selected : met;
    if (fields.length === 0) return;
    this.#labels.apply(await this.#client.call('fields.split', { fields: [...fields], line: mutable(line) }));
  }

  /** A square of a few pixels around a place, on the grid of the scene. */
  point([x, y]: Place, scene: Scene, owner: string | null): Promise<void> {
    const [width, height] = scene.resolution;
    const [left, , , top] = scene.extent;
    const half = (pointPixels - 1) / 2;
    const x0 = left + (Math.floor((x - left) / width) - half) * width;
    const y1 = top - (Math.floor((top - y) / height) - half) * height;
    const [x1, y0] = [x0 + pointPixels * width, y1 - pointPixels * height];
    const ring = [
      [x0, y0],
      [x1, y0],
      [x1, y1],
      [x0, y1],
      [x0, y0],
    ];
    return this.#labels.draw({ type: 'Polygon', coordinates: [ring] }, owner);
  }

  /** Remembers the selected fields; answers how many. */
  copy(): number {
    if (this.#labels.selectedFields.length > 0) this.#copied = this.#labels.selectedFields;
    return this.#labels.selectedFields.length;
  }

  /**
   * Adds copies with their middle at a place, or a little aside where there is none. They keep their class and role, or
   * take those in hand. Answers how many.
   */
  async paste(at: Place | null, aside: number, inHand: boolean, scene: string | null): Promise<number> {
    if (this.#copied.length === 0) return 0;
    const [cx, cy] = middleOf(this.#copied);
    const [dx, dy] = at ? [at[0] - cx, at[1] - cy] : [aside, -aside];
    const fields = this.#copied.map(({ geometry, classCode, role, confidence }) => ({
      geometry: moved(geometry, dx, dy),
      ...(inHand ? this.#labels.inHand() : { classCode, role, confidence }),
      scene,
    }));
    const added = await this.#client.call('fields.add', { fields });
    this.#labels.apply({ fields: added, removed: [] });
    this.#labels.selected = added.map((field) => field.id);
    return added.length;
  }
}

const mutable = (line: readonly Place[]) => line.map((place) => [...place]);
const ringsOf = (areal: Areal) => (areal.type === 'Polygon' ? areal.coordinates : areal.coordinates.flat());

function boundsOf(areal: Areal): [number, number, number, number] {
  const bounds: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x = 0, y = 0] of ringsOf(areal).flat()) {
    bounds[0] = Math.min(bounds[0], x);
    bounds[1] = Math.min(bounds[1], y);
    bounds[2] = Math.max(bounds[2], x);
    bounds[3] = Math.max(bounds[3], y);
  }
  return bounds;
}

function middleOf(fields: readonly Field[]): Place {
  const all = fields.map((field) => boundsOf(field.geometry));
  const [left, bottom] = [Math.min(...all.map((b) => b[0])), Math.min(...all.map((b) => b[1]))];
  return [(left + Math.max(...all.map((b) => b[2]))) / 2, (bottom + Math.max(...all.map((b) => b[3]))) / 2];
}

function moved(areal: Areal, dx: number, dy: number): Areal {
  const move = (ring: number[][]) => ring.map(([x = 0, y = 0]) => [x + dx, y + dy]);
  return areal.type === 'Polygon'
    ? { type: 'Polygon', coordinates: areal.coordinates.map(move) }
    : { type: 'MultiPolygon', coordinates: areal.coordinates.map((polygon) => polygon.map(move)) };
}

/** Whether the bounds of a shape come within the radius of those of a line: the app tells exactly. */
function isNear(areal: Areal, line: readonly Place[], radius: number): boolean {
  const [minX, minY, maxX, maxY] = boundsOf(areal);
  const [xs, ys] = [line.map((p) => p[0]), line.map((p) => p[1])];
  return (
    Math.min(...xs) - radius <= maxX &&
    Math.max(...xs) + radius >= minX &&
    Math.min(...ys) - radius <= maxY &&
    Math.max(...ys) + radius >= minY
  );
}
