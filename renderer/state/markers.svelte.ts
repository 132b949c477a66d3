/** A numbered place on the map that a panel speaks of. */
export interface Marker {
  readonly id: string;
  /** In the project's coordinates. */
  readonly at: readonly [number, number];
  readonly text: string;
  /** `#rrggbb` of what it was given, or null while it is open. */
  readonly color: string | null;
}

/** The places of the panel that is open: it sets them, hears which was picked, and takes them away when it closes. */
export class Markers {
  list = $state.raw<readonly Marker[]>([]);
  current = $state<string | null>(null);
  #onpick: (id: string) => void = () => {};

  show(list: readonly Marker[], onpick: (id: string) => void): void {
    this.list = list;
    this.#onpick = onpick;
    if (!list.some((m) => m.id === this.current)) this.current = null;
  }

  clear(): void {
    this.show([], () => {});
  }

  /** From the map. */
  pick(id: string): void {
    this.current = id;
    this.#onpick(id);
  }
}
