import { createContext } from 'svelte';
import type { Areal, Extent } from '../../electron/contract/geometry.ts';

/** What panels may ask of the map without knowing it. */
export interface MapHandle {
  fit(extent: Extent | Areal): void;
  zoomBy(steps: number): void;
  /** Ids of the fields that are in view. */
  fieldsInView(): readonly string[];
  centre(at: readonly [number, number]): void;
  removeLastPoint(): void;
  /** Gives up what is being drawn; false when nothing was begun. */
  abort(): boolean;
  /** Ends the polygon at its last corner; false when nothing was begun. */
  finish(): boolean;
}

/** Filled in by the map when it stands; asks made before are dropped. */
export class MapDoor {
  handle: MapHandle | null = null;

  fit(extent: Extent | Areal): void {
    this.handle?.fit(extent);
  }
}

export const [useMapDoor, provideMapDoor] = createContext<MapDoor>();
