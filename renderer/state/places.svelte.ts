import type { Extent } from '../../electron/contract/geometry.ts';
import { type Memory, recall } from './memory.ts';

/** A view to come back to. */
export interface Bookmark {
  readonly name: string;
  readonly extent: Extent;
}

/** Bookmarks of a project, kept by this window. */
export class Places {
  bookmarks = $state.raw<readonly Bookmark[]>([]);
  readonly #memory: Memory;
  #key = '';

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  load(projectPath: string): void {
    this.#key = `places:${projectPath}`;
    this.bookmarks = recall(this.#memory, this.#key, [], isBookmarks);
  }

  add(name: string, extent: Extent): void {
    this.#keep([...this.bookmarks.filter((b) => b.name !== name), { name, extent }]);
  }

  remove(name: string): void {
    this.#keep(this.bookmarks.filter((b) => b.name !== name));
  }

  #keep(bookmarks: readonly Bookmark[]): void {
    this.bookmarks = bookmarks;
    this.#memory.set(this.#key, JSON.stringify(bookmarks));
  }
}

function isBookmarks(value: unknown): value is readonly Bookmark[] {
  return (
    Array.isArray(value) &&
    value.every((b: unknown) => {
      if (typeof b !== 'object' || b === null || !('name' in b) || !('extent' in b)) return false;
      const { name, extent } = b;
      return (
        typeof name === 'string' &&
        Array.isArray(extent) &&
        extent.length === 4 &&
        extent.every(Number.isFinite)
      );
    })
  );
}

/**
 * A place that was typed, in map coordinates: two numbers in the order of the map (easting, northing; column, row), or
 * latitude and longitude where the numbers can be nothing else. null when it is neither.
 */
export function readPlace(
  typed: string,
  {
    local,
    toMap,
  }: { local: boolean; toMap: ((at: readonly [number, number]) => readonly [number, number]) | null },
): readonly [number, number] | null {
  const numbers = typed.match(/[+-]?\d+(?:\.\d+)?/g)?.map(Number) ?? [];
  const [a, b] = numbers;
  if (a === undefined || b === undefined || numbers.length !== 2) return null;
  if (local) return [a + 0.5, -(b + 0.5)];
  if (toMap && Math.abs(a) <= 90 && Math.abs(b) <= 180) {
    const place = toMap([b, a]);
    return place.every(Number.isFinite) ? place : null;
  }
  return [a, b];
}
