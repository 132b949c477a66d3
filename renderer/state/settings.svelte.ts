import {
  type KeyCommandId,
  keyCommandIds,
  keysOf,
  withDefaultKeys,
  withKey,
} from '../../electron/contract/catalog/keys.ts';
import {
  defaultPreferences,
  type Preferences,
  type Settings,
} from '../../electron/contract/catalog/preferences.ts';
import type { Client } from '../../electron/contract/client.ts';
import type { Input } from '../../electron/contract/methods.ts';

/** The user's settings as the app keeps them: the file is the truth, this is the copy that the window shows. */
export class SettingsState {
  values = $state.raw<Preferences>(defaultPreferences);
  /** Why an earlier file could not be used. */
  problem = $state<string | null>(null);
  /** Chord → what it does. */
  readonly byChord: ReadonlyMap<string, KeyCommandId> = $derived(
    new Map(keyCommandIds.flatMap((id) => this.keys(id).map((chord) => [chord, id] as const))),
  );
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async read(): Promise<void> {
    this.take(await this.#client.call('settings.get', {}));
  }

  take({ values, problem }: Settings): void {
    this.values = values;
    this.problem = problem;
  }

  async change(change: Input<'settings.change'>): Promise<void> {
    this.take(await this.#client.call('settings.change', change));
  }

  /** A report for whoever helps, without personal paths. */
  async diagnostics(): Promise<string> {
    return (await this.#client.call('app.diagnostics', {})).text;
  }

  keys(id: KeyCommandId): readonly string[] {
    return keysOf(id, this.values.keys);
  }

  /** Puts a command on a chord, or on none; whoever had it loses it. */
  setKey(id: KeyCommandId, chord: string | null): Promise<void> {
    return this.change({ keys: withKey(this.values.keys, id, chord) });
  }

  resetKey(id: KeyCommandId): Promise<void> {
    return this.change({ keys: withDefaultKeys(this.values.keys, id) });
  }

  resetKeys(): Promise<void> {
    return this.change({ keys: {} });
  }
}
