import type { Client } from '../../electron/contract/client.ts';
import type { Areal } from '../../electron/contract/geometry.ts';
import type { Input } from '../../electron/contract/methods.ts';
import type { Memory } from './memory.ts';
import { recall } from './memory.ts';

/** The magic wand: what it proposes around the last click, until that is taken or given up. */
export class Wand {
  tolerance = $state(0.15);
  /** Run of the encoder view whose features decide; null: the bands on show. */
  embedding = $state<string | null>(null);
  proposal = $state.raw<{ readonly geometry: Areal; readonly pixels: number } | null>(null);
  busy = $state(false);
  readonly #client: Client;
  readonly #memory: Memory;
  #seed: Pick<Input<'scenes.wand'>, 'scene' | 'x' | 'y' | 'bands'> | null = null;
  #asked = 0;

  constructor(client: Client, memory: Memory) {
    this.#client = client;
    this.#memory = memory;
    this.tolerance = recall(memory, 'wandTolerance', 0.15, (v): v is number => typeof v === 'number');
  }

  /** Proposes the area around a place. */
  pick(scene: string, [x, y]: readonly [number, number], bands: readonly number[]): Promise<void> {
    this.#seed = { scene, x, y, bands: [...new Set(bands)] };
    return this.#propose();
  }

  async setTolerance(tolerance: number): Promise<void> {
    this.tolerance = tolerance;
    this.#memory.set('wandTolerance', JSON.stringify(tolerance));
    await this.#propose();
  }

  async use(embedding: string | null): Promise<void> {
    this.embedding = embedding;
    await this.#propose();
  }

  /** Hands the proposal over; null when there is none. */
  take(): Areal | null {
    const geometry = this.proposal?.geometry ?? null;
    this.drop();
    return geometry;
  }

  drop(): void {
    this.#seed = null;
    this.#asked += 1;
    this.proposal = null;
    this.busy = false;
  }

  /** While one answer is awaited, only the last wish counts. */
  async #propose(): Promise<void> {
    const seed = this.#seed;
    if (!seed) return;
    this.#asked += 1;
    const mine = this.#asked;
    this.busy = true;
    try {
      const { geometry, pixels } = await this.#client.call('scenes.wand', {
        ...seed,
        tolerance: this.tolerance,
        ...(this.embedding ? { embedding: this.embedding } : {}),
      });
      if (mine === this.#asked) this.proposal = geometry && { geometry, pixels };
    } finally {
      if (mine === this.#asked) this.busy = false;
    }
  }
}
