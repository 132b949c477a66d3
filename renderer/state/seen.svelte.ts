import type { Client } from '../../electron/contract/client.ts';
import type { EmbedResult } from '../../electron/contract/embedding.ts';
import type { Field } from '../../electron/contract/labels.ts';
import type { Input } from '../../electron/contract/methods.ts';
import type { Run } from '../../electron/contract/run.ts';
import { type Overlay, seenOverlays } from './overlays.ts';
import type { Runs } from './runs.svelte.ts';

/** A finished look through an encoder. */
export interface Look {
  readonly run: Run;
  readonly result: EmbedResult;
}

/** What encoders see of the scenes: the looks that were made, the one on show, and the pixel that others are compared with. */
export class Seen {
  chosen = $state<string | null>(null);
  pixel = $state.raw<{ readonly col: number; readonly row: number } | null>(null);
  readonly #client: Client;
  readonly #runs: Runs;

  constructor(client: Client, runs: Runs) {
    this.#client = client;
    this.#runs = runs;
  }

  looks = $derived.by((): readonly Look[] =>
    this.#runs.newestFirst
      .filter((run) => run.kind === 'embed' && run.state === 'done' && run.result !== null)
      .map((run) => ({ run, result: run.result as unknown as EmbedResult })),
  );
  active = $derived(this.looks.find(({ run }) => run.id === this.chosen) ?? this.looks[0] ?? null);
  overlays = $derived.by((): Overlay[] =>
    this.active ? seenOverlays(this.active.run.id, this.active.result, this.pixel) : [],
  );

  clear(): void {
    this.chosen = null;
    this.pixel = null;
  }

  async create(params: Input<'embeddings.create'>): Promise<Run> {
    const run = await this.#client.call('embeddings.create', params);
    this.#runs.update(run);
    this.chosen = run.id;
    return run;
  }

  /** Makes fields of the largest patches of a group, or of the one patch at a pixel. */
  label(params: Input<'embeddings.label'>): Promise<Field[]> {
    return this.#client.call('embeddings.label', params);
  }
}
