import type { Client } from '../../electron/contract/client.ts';
import type { Areal, Extent } from '../../electron/contract/geometry.ts';
import type { Region } from '../../electron/contract/labels.ts';
import type { Input } from '../../electron/contract/methods.ts';

export class Regions {
  list = $state.raw<readonly Region[]>([]);
  loaded = $state(false);
  selected = $state<string | null>(null);
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async read(): Promise<void> {
    this.list = await this.#client.call('regions.list', {});
    this.loaded = true;
    if (!this.list.some((r) => r.id === this.selected)) this.selected = null;
  }

  clear(): void {
    this.list = [];
    this.loaded = false;
    this.selected = null;
  }

  add(geometry: Areal, name: string, scene: string | null): Promise<void> {
    return this.#add({ geometry, name, ...(scene ? { scene } : {}) });
  }

  addBox(bbox: Extent, name: string, scene: string | null): Promise<void> {
    return this.#add({ bbox: [...bbox], name, ...(scene ? { scene } : {}) });
  }

  addFile(file: string, scene: string | null): Promise<void> {
    return this.#add({ file, ...(scene ? { scene } : {}) });
  }

  async change(id: string, change: { name?: string; geometry?: Areal }): Promise<void> {
    const changed = await this.#client.call('regions.change', { region: id, ...change });
    this.list = this.list.map((r) => (r.id === id ? changed : r));
  }

  async remove(id: string): Promise<void> {
    await this.#client.call('regions.remove', { regions: [id] });
    this.list = this.list.filter((r) => r.id !== id);
    if (this.selected === id) this.selected = null;
  }

  async #add(params: Input<'regions.add'>): Promise<void> {
    const added = await this.#client.call('regions.add', params);
    const known = new Set(this.list.map((r) => r.id));
    this.list = [...this.list, ...added.filter((r) => !known.has(r.id))];
    this.selected = added[0]?.id ?? this.selected;
  }
}
