import { systemClock } from '../../electron/base/clock.ts';
import type { Client } from '../../electron/contract/client.ts';
import type { LivePreview, LivePreviewParams } from '../../electron/contract/livePreview.ts';
import { hasEnded, type Run } from '../../electron/contract/run.ts';
import { liveOverlays, type Overlay } from './overlays.ts';
import type { Runs } from './runs.svelte.ts';

interface Shown {
  readonly scene: string;
  readonly revision: string;
}

/**
 * A map of what is labelled right now. One question is under way at a time and one waits, the newest. What was painted
 * stays on the map until its successor is painted, so that nothing flickers.
 */
export class Live {
  on = $state(false);
  /** Run id of an encoder or `none`; null: the newest encoder. */
  chosen = $state<string | null>(null);
  busy = $state(false);
  answer = $state.raw<LivePreview | null>(null);
  failure = $state.raw<unknown>(null);
  /** From the change of a label to its map being painted. */
  milliseconds = $state<number | null>(null);
  #current = $state.raw<Shown | null>(null);
  #painted = $state.raw<Shown | null>(null);
  #asking = false;
  #next: LivePreviewParams | null = null;
  #since: number | null = null;
  readonly #client: Client;
  readonly #runs: Runs;

  constructor(client: Client, runs: Runs) {
    this.#client = client;
    this.#runs = runs;
  }

  encoder = $derived(this.chosen ?? this.#newestEncoder());
  revision = $derived(this.on ? (this.#current?.revision ?? null) : null);
  overlays = $derived.by((): readonly Overlay[] =>
    this.on && this.#current ? liveOverlays(this.#current.scene, this.#current.revision) : [],
  );
  /** What is still seen until the newest is painted. */
  fading = $derived.by((): readonly Overlay[] => {
    const [old, now] = [this.#painted, this.#current];
    return this.on && old && now && old.scene === now.scene && old.revision !== now.revision
      ? liveOverlays(old.scene, old.revision)
      : [];
  });

  /** The preparation of features that is queued or under way. */
  preparing(scene: string): Run | null {
    const own = (run: Run) =>
      run.kind === 'embed' && run.params.scene === scene && run.params.encoder === this.encoder;
    return this.#runs.list.find((run) => own(run) && !hasEnded(run.state)) ?? null;
  }

  clear(): void {
    this.on = false;
    this.chosen = null;
    this.answer = null;
    this.failure = null;
    this.#current = null;
    this.#painted = null;
    this.#since = null;
    this.#next = null;
  }

  async prepare(scene: string): Promise<void> {
    const run = await this.#client.call('embeddings.create', { scene, encoder: this.encoder });
    this.#runs.update(run);
  }

  /** Asks for the map of the labels as they are; of several questions in a row only the last is asked. */
  async refresh(scene: string): Promise<void> {
    this.#since ??= systemClock.tick();
    this.#next = { scene, encoder: this.encoder };
    if (this.#asking) return;
    this.#asking = true;
    this.busy = true;
    try {
      while (this.#next) {
        const asked: LivePreviewParams = this.#next;
        this.#next = null;
        this.#take(asked.scene, await this.#client.call('livePreview.fit', asked));
      }
      this.failure = null;
    } catch (error) {
      this.failure = error;
    } finally {
      this.#asking = false;
      this.busy = false;
    }
  }

  #take(scene: string, answer: LivePreview): void {
    this.answer = answer;
    const next = answer.state === 'ready' ? { scene, revision: answer.revision } : null;
    // The same labels: what is painted is right already.
    if (next && this.#painted?.revision === next.revision) this.#since = null;
    if (next?.revision !== this.#current?.revision || next?.scene !== this.#current?.scene)
      this.#current = next;
    if (!next) {
      this.#painted = null;
      this.#since = null;
    }
  }

  /** The map says that the tiles of a revision are on the screen. */
  painted(revision: string): void {
    const current = this.#current;
    if (current?.revision !== revision || this.#painted === current) return;
    this.#painted = current;
    if (this.#since !== null && !this.busy) {
      this.milliseconds = systemClock.tick() - this.#since;
      this.#since = null;
    }
  }

  get isPainted(): boolean {
    return this.#current !== null && this.#painted === this.#current;
  }

  #newestEncoder(): string {
    return this.#runs.encoders[0]?.id ?? 'none';
  }
}
