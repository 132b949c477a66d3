import type { Client } from '../../electron/contract/client.ts';
import type { Input } from '../../electron/contract/methods.ts';
import type { DeviceInfo, MetricRow, Progress, Run } from '../../electron/contract/run.ts';
import { hasEnded } from '../../electron/contract/run.ts';

/** Long work: the runs, how far each is, and the curves that were asked for. */
export class Runs {
  list = $state.raw<readonly Run[]>([]);
  loaded = $state(false);
  progress = $state.raw<Readonly<Record<string, Progress>>>({});
  metrics = $state.raw<Readonly<Record<string, readonly MetricRow[]>>>({});
  devices = $state.raw<readonly DeviceInfo[]>([]);
  /** The pretraining run whose curves are on show. */
  opened = $state<string | null>(null);
  readonly #client: Client;
  readonly #reading = new Set<string>();

  constructor(client: Client) {
    this.#client = client;
  }

  newestFirst = $derived([...this.list].sort((a, b) => b.created.localeCompare(a.created)));
  running = $derived(this.list.find((r) => r.state === 'running') ?? null);
  queued = $derived(this.list.filter((r) => r.state === 'queued'));
  /** Encoders that a head can be trained on. */
  encoders = $derived(this.newestFirst.filter((r) => r.kind === 'pretrain' && r.state === 'done'));

  byId(id: string): Run | undefined {
    return this.list.find((r) => r.id === id);
  }

  async read(): Promise<void> {
    this.list = await this.#client.call('runs.list', {});
    this.loaded = true;
  }

  async readDevices(): Promise<void> {
    this.devices = await this.#client.call('devices.list', {});
  }

  clear(): void {
    this.list = [];
    this.loaded = false;
    this.progress = {};
    this.metrics = {};
    this.opened = null;
  }

  update(run: Run): void {
    const known = this.list.some((r) => r.id === run.id);
    this.list = known ? this.list.map((r) => (r.id === run.id ? run : r)) : [...this.list, run];
    if (hasEnded(run.state) && this.progress[run.id]) {
      const { [run.id]: _, ...others } = this.progress;
      this.progress = others;
    }
  }

  advance(progress: Progress): void {
    this.progress = { ...this.progress, [progress.run]: progress };
  }

  /** Rows as they arrive. Rows of a run whose beginning was never read are left: opening it reads all of them. */
  append(run: string, rows: readonly MetricRow[]): void {
    const known = this.metrics[run];
    if (known) this.metrics = { ...this.metrics, [run]: merged(known, rows) };
  }

  /** Reads what is missing of a run's curves. */
  async readMetrics(run: string): Promise<void> {
    if (this.#reading.has(run)) return;
    this.#reading.add(run);
    try {
      const known = this.metrics[run] ?? [];
      const rows = await this.#client.call('runs.metrics', { run, after: (known.at(-1)?.step ?? 0) - 1 });
      this.metrics = { ...this.metrics, [run]: merged(this.metrics[run] ?? [], rows) };
    } finally {
      this.#reading.delete(run);
    }
  }

  async pretrain(params: Input<'runs.pretrain'>): Promise<Run> {
    const run = await this.#client.call('runs.pretrain', params);
    this.update(run);
    this.opened = run.id;
    this.metrics = { ...this.metrics, [run.id]: [] };
    return run;
  }

  /** Takes in an encoder that another project exported. */
  async addEncoder(file: string): Promise<void> {
    this.update(await this.#client.call('encoders.add', { file }));
  }

  async cancel(run: string): Promise<void> {
    this.update(await this.#client.call('runs.cancel', { run }));
  }

  async note(run: string, note: string): Promise<void> {
    this.update(await this.#client.call('runs.note', { run, note }));
  }
}

/**
 * Both, ordered by step. A stream and a reading overlap, and a look at the embeddings is a row of its own on the step
 * of another: rows of one step are joined.
 */
function merged(known: readonly MetricRow[], rows: readonly MetricRow[]): readonly MetricRow[] {
  const last = known.at(-1)?.step ?? -1;
  if (rows.every((r, i) => r.step > (rows[i - 1]?.step ?? last))) return [...known, ...rows];
  const byStep = new Map(known.map((row) => [row.step, row]));
  for (const row of rows) byStep.set(row.step, { ...byStep.get(row.step), ...row });
  return [...byStep.values()].sort((a, b) => a.step - b.step);
}
