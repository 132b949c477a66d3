import type { Client } from '../../electron/contract/client.ts';
import type { Input } from '../../electron/contract/methods.ts';
import type { Assessment, MapLayer, Model, Run } from '../../electron/contract/run.ts';

/** Models, newest first. */
export class Models {
  list = $state.raw<readonly Model[]>([]);
  loaded = $state(false);
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  byId(id: string): Model | undefined {
    return this.list.find((m) => m.id === id);
  }

  async read(): Promise<void> {
    this.list = newestFirst(await this.#client.call('models.list', {}));
    this.loaded = true;
  }

  clear(): void {
    this.list = [];
    this.loaded = false;
  }

  train(params: Input<'models.train'>): Promise<Run> {
    return this.#client.call('models.train', params);
  }
}

/** Classified maps, newest first, and the one on show. */
export class Maps {
  list = $state.raw<readonly MapLayer[]>([]);
  loaded = $state(false);
  chosen = $state<string | null>(null);
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  active = $derived(this.list.find((m) => m.id === this.chosen) ?? this.list[0] ?? null);

  byId(id: string): MapLayer | undefined {
    return this.list.find((m) => m.id === id);
  }

  async read(): Promise<void> {
    const known = new Set(this.list.map((m) => m.id));
    const hadRead = this.loaded;
    this.list = newestFirst(await this.#client.call('maps.list', {}));
    this.loaded = true;
    const fresh = this.list.find((m) => !known.has(m.id));
    if (hadRead && fresh) this.chosen = fresh.id;
  }

  clear(): void {
    this.list = [];
    this.loaded = false;
    this.chosen = null;
  }

  create(params: Input<'maps.create'>): Promise<Run> {
    return this.#client.call('maps.create', params);
  }

  async remove(id: string): Promise<void> {
    await this.#client.call('maps.remove', { map: id });
    this.list = this.list.filter((m) => m.id !== id);
    if (this.chosen === id) this.chosen = null;
  }
}

/** Accuracy reports, newest first. */
export class Assessments {
  list = $state.raw<readonly Assessment[]>([]);
  loaded = $state(false);
  chosen = $state<string | null>(null);
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  active = $derived(this.list.find((a) => a.id === this.chosen) ?? this.list[0] ?? null);

  async read(): Promise<void> {
    const known = new Set(this.list.map((a) => a.id));
    const hadRead = this.loaded;
    this.list = newestFirst(await this.#client.call('assessments.list', {}));
    this.loaded = true;
    const fresh = this.list.find((a) => !known.has(a.id));
    if (hadRead && fresh) this.chosen = fresh.id;
  }

  clear(): void {
    this.list = [];
    this.loaded = false;
    this.chosen = null;
  }

  create(params: Input<'assessments.create'>): Promise<Run> {
    return this.#client.call('assessments.create', params);
  }
}

function newestFirst<T extends { readonly created: string }>(list: readonly T[]): readonly T[] {
  return [...list].sort((a, b) => b.created.localeCompare(a.created));
}
