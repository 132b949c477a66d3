import type { Client } from '../../electron/contract/client.ts';
import { type SamplePoint, type SamplingDesign, sampleNote } from '../../electron/contract/guidance.ts';
import type { Input } from '../../electron/contract/methods.ts';
import type { Run } from '../../electron/contract/run.ts';
import type { Runs } from './runs.svelte.ts';

/** The probability samples that maps are judged by, point by point. */
export class Samples {
  list = $state.raw<readonly SamplePoint[]>([]);
  loaded = $state(false);
  readonly #client: Client;
  readonly #runs: Runs;

  constructor(client: Client, runs: Runs) {
    this.#client = client;
    this.#runs = runs;
  }

  async read(): Promise<void> {
    this.list = await this.#client.call('samples.list', {});
    this.loaded = true;
  }

  clear(): void {
    this.list = [];
    this.loaded = false;
  }

  /** The newest sample of a map, or null. */
  drawnOf(map: string): Run | null {
    return (
      this.#runs.newestFirst.find(
        (run) => run.kind === 'sample' && run.state === 'done' && run.params.map === map,
      ) ?? null
    );
  }

  pointsOf(run: string): readonly SamplePoint[] {
    return this.list.filter((point) => point.note === sampleNote(run));
  }

  design(params: Input<'samples.design'>): Promise<SamplingDesign> {
    return this.#client.call('samples.design', params);
  }

  async draw(params: Input<'samples.draw'>): Promise<Run> {
    const run = await this.#client.call('samples.draw', params);
    this.#runs.update(run);
    return run;
  }

  /** Shown at once and put right by the answer: the next point never waits. */
  async label(id: string, classCode: number | null): Promise<void> {
    const before = this.list;
    this.list = before.map((point) => (point.id === id ? { ...point, classCode } : point));
    try {
      await this.#client.call('samples.label', { samples: [id], classCode });
    } catch (error) {
      this.list = before;
      throw error;
    }
  }
}
