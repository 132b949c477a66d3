import type { SequencedEvent } from '../../contract/events.ts';

/** The part of the app that this host needs: what `services/app.ts` makes. */
export interface WebApp {
  call(method: string, params: unknown): Promise<unknown>;
  subscribe(listener: (event: SequencedEvent) => void): () => void;
  handleBytes(request: Request): Promise<Response>;
}
