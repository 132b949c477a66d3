import type { ErrorRecord } from '../../base/errors.ts';
import type { SequencedEvent } from '../../contract/events.ts';
import type { MenuCommand } from './menu.ts';

export type CallAnswer = { readonly result: unknown } | { readonly error: ErrorRecord };

/** `window.swath` in Electron. */
export interface SwathBridge {
  invoke(method: string, params: unknown): Promise<CallAnswer>;
  subscribe(listener: (event: SequencedEvent) => void): () => void;
  /** What was chosen in the native menu. */
  onMenu(listener: (command: MenuCommand) => void): () => void;
  readonly bytesBase: string;
  pathForFile(file: unknown): string;
  /** The system's own dialog; an empty list when it was cancelled. */
  chooseFiles(what: 'rasters' | 'labels' | 'project' | 'new-project'): Promise<string[]>;
}
