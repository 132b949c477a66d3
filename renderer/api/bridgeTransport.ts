import { type ErrorRecord, reviveError } from '../../electron/base/errors.ts';
import type { SequencedEvent } from '../../electron/contract/events.ts';
import type { Transport } from '../../electron/contract/transport.ts';

/** What the Electron preload puts on the window; nothing else of Electron is visible here. */
export interface Bridge {
  invoke(method: string, params: unknown): Promise<{ result?: unknown; error?: ErrorRecord }>;
  subscribe(listener: (event: SequencedEvent) => void): () => void;
  /** What was chosen in the native menu. */
  onMenu(listener: (command: string) => void): () => void;
  /** Something the main process has to say. */
  onNotice(listener: (notice: { level: 'info' | 'warn' | 'error'; message: string }) => void): () => void;
  readonly bytesBase: string;
  pathForFile(file: unknown): string;
  /** The system's own dialog; an empty list when it was cancelled. */
  chooseFiles(what: 'rasters' | 'labels' | 'project' | 'new-project'): Promise<string[]>;
  checkUpdates(): Promise<void>;
  savePdf(report: string, name: string): Promise<{ result?: unknown; error?: ErrorRecord }>;
}

export function createBridgeTransport(bridge: Bridge): Transport {
  return {
    async invoke(method, params) {
      const answer = await bridge.invoke(method, params);
      if (answer.error) throw reviveError(answer.error, method);
      return answer.result;
    },
    subscribe: (listener) => bridge.subscribe(listener),
    bytesUrl: (path) => `${bridge.bytesBase.replace(/\/$/, '')}${path}`,
  };
}
