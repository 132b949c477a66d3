import type { Client } from '../../electron/contract/client.ts';
import type { AppInfo, Project } from '../../electron/contract/project.ts';

export interface RecentProject {
  readonly path: string;
  readonly name: string;
  readonly opened: string;
}

export class ProjectState {
  /** undefined until the first answer. */
  current = $state.raw<Project | null | undefined>(undefined);
  recent = $state.raw<readonly RecentProject[]>([]);
  info = $state.raw<AppInfo | null>(null);
  /** What is being opened, while it is. */
  opening = $state<string | null>(null);
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async readInfo(): Promise<void> {
    this.info = await this.#client.call('app.info', {});
  }

  async read(): Promise<void> {
    this.current = await this.#client.call('project.current', {});
  }

  async readRecent(): Promise<void> {
    this.recent = await this.#client.call('project.recent', {});
  }

  create(path: string, name?: string): Promise<void> {
    return this.#open(path, () => this.#client.call('project.create', name ? { path, name } : { path }));
  }

  open(path: string): Promise<void> {
    return this.#open(path, () => this.#client.call('project.open', { path }));
  }

  sample(): Promise<void> {
    return this.#open('sample', () => this.#client.call('project.sample', {}));
  }

  async close(): Promise<void> {
    await this.#client.call('project.close', {});
    this.current = null;
    await this.readRecent();
  }

  async #open(what: string, work: () => Promise<Project>): Promise<void> {
    this.opening = what;
    try {
      this.current = await work();
    } finally {
      this.opening = null;
    }
  }
}
