import type { Client } from '../../electron/contract/client.ts';
import type { SuggestResult } from '../../electron/contract/guidance.ts';
import type { Input } from '../../electron/contract/methods.ts';
import type { LearnCurveResult, Run } from '../../electron/contract/run.ts';
import type { Runs } from './runs.svelte.ts';

/** Where the next label teaches most, and how accuracy grows with labels: runs whose answers are read from themselves. */
export class Guidance {
  readonly #client: Client;
  readonly #runs: Runs;

  constructor(client: Client, runs: Runs) {
    this.#client = client;
    this.#runs = runs;
  }

  suggested = $derived.by(() => this.#newest<SuggestResult>('suggest'));
  curves = $derived.by(() => this.#done<LearnCurveResult>('learn-curve'));

  async suggest(params: Input<'suggestions.create'>): Promise<void> {
    this.#runs.update(await this.#client.call('suggestions.create', params));
  }

  async learnCurve(params: Input<'learnCurve.create'>): Promise<void> {
    this.#runs.update(await this.#client.call('learnCurve.create', params));
  }

  #done<R>(kind: Run['kind']): readonly { readonly run: Run; readonly result: R }[] {
    return this.#runs.newestFirst
      .filter((run) => run.kind === kind && run.state === 'done' && run.result !== null)
      .map((run) => ({ run, result: run.result as unknown as R }));
  }

  #newest<R>(kind: Run['kind']): { readonly run: Run; readonly result: R } | null {
    return this.#done<R>(kind)[0] ?? null;
  }
}
