import type { ErrorRecord } from '../../base/errors.ts';
import type { SequencedEvent } from '../../contract/events.ts';
import type { MenuCommand } from './menu.ts';

export type CallAnswer = { readonly result: unknown } | { readonly error: ErrorRecord };

export interface HostNotice {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

/** `window.swath` in Electron. */
export interface SwathBridge {
  invoke(method: string, params: unknown): Promise<CallAnswer>;
  subscribe(listener: (event: SequencedEvent) => void): () => void;
  /** What was chosen in the native menu. */
  onMenu(listener: (command: MenuCommand) => void): () => void;
  /** Something the main process has to say. */
  onNotice(listener: (notice: HostNotice) => void): () => void;
  /** Looks for a newer version where the user said; the system's own dialogs tell what was found. */
  checkUpdates(): Promise<void>;
  readonly bytesBase: string;
  pathForFile(file: unknown): string;
  /** The system's own dialog; an empty list when it was cancelled. */
  chooseFiles(what: 'rasters' | 'labels' | 'project' | 'new-project'): Promise<string[]>;
  /** Asks where and writes a report there as PDF; the result is the path, or null. `report` is its byte route. */
  savePdf(report: string, name: string): Promise<CallAnswer>;
}
