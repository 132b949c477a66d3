/** Which fields the pixels of each cell of a confusion matrix lie in, so that a figure can be looked at on the map. */
import type { CellPlace } from '../../contract/run.ts';
import type { Window } from '../../raster/types.ts';

/** Fields kept of one cell: more than anybody looks at. */
const mostPerCell = 100;

interface Tally {
  readonly map: number;
  readonly reference: number;
  readonly field: number;
  pixels: number;
  readonly bounds: [number, number, number, number];
}

export class CellPlaces {
  private readonly tallies = new Map<number, Tally>();

  /** A pixel at an index of a window, inside of field number `field`. */
  add(map: number, reference: number, field: number, window: Window, index: number): void {
    const col = window.col + (index % window.width);
    const row = window.row + Math.floor(index / window.width);
    const key = (field * 256 + map) * 256 + reference;
    const known = this.tallies.get(key);
    if (!known) {
      this.tallies.set(key, { map, reference, field, pixels: 1, bounds: [col, row, col + 1, row + 1] });
      return;
    }
    const { bounds } = known;
    known.pixels += 1;
    bounds[0] = Math.min(bounds[0], col);
    bounds[1] = Math.min(bounds[1], row);
    bounds[2] = Math.max(bounds[2], col + 1);
    bounds[3] = Math.max(bounds[3], row + 1);
  }

  /** Most pixels first, a bounded number of each cell. `name` says the id of a field by its number. */
  list(name: (field: number) => string): CellPlace[] {
    const taken = new Map<number, number>();
    return [...this.tallies.values()]
      .sort((a, b) => b.pixels - a.pixels || a.field - b.field)
      .flatMap(({ field, ...place }) => {
        const cell = place.map * 256 + place.reference;
        const count = (taken.get(cell) ?? 0) + 1;
        taken.set(cell, count);
        return count > mostPerCell ? [] : [{ ...place, field: name(field) }];
      });
  }
}
