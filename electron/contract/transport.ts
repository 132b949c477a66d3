import type { SequencedEvent } from './events.ts';

/** What a host supplies to the renderer: two functions and the address of the byte doors. */
export interface Transport {
  /** Rejects with an AppError. */
  invoke(method: string, params: unknown): Promise<unknown>;
  /** Returns its own unsubscriber. */
  subscribe(listener: (event: SequencedEvent) => void): () => void;
  /** Full address for a path of `byteRoutes`. */
  bytesUrl(path: string): string;
}
