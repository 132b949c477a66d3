import type { SequencedEvent } from './events.ts';
import type { Input, MethodName, Result } from './methods.ts';
import type { Transport } from './transport.ts';

/** The typed API over any transport. */
export interface Client {
  call<M extends MethodName>(method: M, params: Input<M>): Promise<Result<M>>;
  subscribe(listener: (event: SequencedEvent) => void): () => void;
  bytesUrl(path: string): string;
}

export function createClient(transport: Transport): Client {
  return {
    call: <M extends MethodName>(method: M, params: Input<M>) =>
      transport.invoke(method, params) as Promise<Result<M>>,
    subscribe: (listener) => transport.subscribe(listener),
    bytesUrl: (path) => transport.bytesUrl(path),
  };
}
