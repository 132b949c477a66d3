import type { Client } from '../../electron/contract/client.ts';
import type { ClassSpectrum, PixelValues, Scene } from '../../electron/contract/scene.ts';

export interface Identified {
  readonly at: readonly [number, number];
  readonly scene: Scene;
  readonly values: PixelValues['values'];
  readonly col: number;
  readonly row: number;
}

const mostPins = 5;

/** The project's scenes, the one that is worked on, and the pixel asked about last. */
export class Scenes {
  list = $state.raw<readonly Scene[]>([]);
  loaded = $state(false);
  chosen = $state<string | null>(null);
  identified = $state.raw<Identified | null>(null);
  /** Pixels kept to be compared with others, the newest last. */
  pinned = $state.raw<readonly Identified[]>([]);
  /** What the labelled fields of a scene look like, once asked for. */
  spectra = $state.raw<{ readonly scene: string; readonly classes: readonly ClassSpectrum[] } | null>(null);
  /** How often the tiles of a scene became better than they were. */
  editions = $state.raw<Readonly<Record<string, number>>>({});
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  active = $derived(this.list.find((s) => s.id === this.chosen) ?? this.list[0] ?? null);

  /** The scene whose pixels coordinates count, in a project without a CRS; else null. */
  owner = $derived(this.active && !this.active.crs ? this.active.id : null);

  byId(id: string): Scene | undefined {
    return this.list.find((s) => s.id === id);
  }

  async read(): Promise<void> {
    this.list = await this.#client.call('scenes.list', {});
    this.loaded = true;
  }

  clear(): void {
    this.list = [];
    this.loaded = false;
    this.chosen = null;
    this.identified = null;
    this.pinned = [];
    this.spectra = null;
  }

  /** Reduced versions were made: tiles that only stood for them are asked for again. */
  renew(scene: string): void {
    this.editions = { ...this.editions, [scene]: (this.editions[scene] ?? 0) + 1 };
  }

  /** Keeps the pixel that was asked about last; the oldest goes when there are too many to tell apart. */
  pin(): void {
    if (this.identified && !this.pinned.includes(this.identified))
      this.pinned = [...this.pinned, this.identified].slice(-mostPins);
  }

  unpin(which: Identified): void {
    this.pinned = this.pinned.filter((p) => p !== which);
  }

  /** Asks again what the classes look like in a scene; null takes them off. */
  async compareClasses(scene: string | null): Promise<void> {
    if (scene === null) this.spectra = null;
    else this.spectra = { scene, classes: await this.#client.call('scenes.spectra', { scene }) };
  }

  async add(
    files: readonly string[],
    facts: { date?: string; sensor?: string; name?: string } = {},
  ): Promise<Scene> {
    const { scene } = await this.#client.call('scenes.add', { files: [...files], ...facts });
    this.chosen = scene.id;
    return scene;
  }

  async remove(id: string): Promise<void> {
    await this.#client.call('scenes.remove', { scene: id });
    if (this.chosen === id) this.chosen = null;
    if (this.identified?.scene.id === id) this.identified = null;
  }

  async relink(id: string, files: readonly string[]): Promise<void> {
    await this.#client.call('scenes.relink', { scene: id, files: [...files] });
  }

  /** Asks the app, not the screen: the map may show an overview, the file holds the value. */
  async identify(x: number, y: number): Promise<void> {
    const scene = this.active;
    if (!scene || !isInside(scene.extent, x, y)) {
      this.identified = null;
      return;
    }
    const found = await this.#client.call('scenes.identify', { scene: scene.id, x, y });
    this.identified = { at: [x, y], scene, values: found.values, col: found.col, row: found.row };
  }
}

export function isInside([minX, minY, maxX, maxY]: Scene['extent'], x: number, y: number): boolean {
  return x >= minX && x <= maxX && y >= minY && y <= maxY;
}
