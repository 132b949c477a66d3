import { AppError } from '../../electron/base/errors.ts';
import type { AppEvent, SequencedEvent } from '../../electron/contract/events.ts';
import type { Input, MethodName, Result } from '../../electron/contract/methods.ts';
import { parseCall } from '../../electron/contract/parse.ts';
import type { Transport } from '../../electron/contract/transport.ts';

type Handlers = { [M in MethodName]?: (params: Input<M>) => Result<M> | Promise<Result<M>> };

export interface FakeTransport extends Transport {
  /** Every call in order, as the wall would have parsed it. */
  readonly calls: { method: string; params: unknown }[];
  emit(event: AppEvent, seq?: number): void;
  on(handlers: Handlers): void;
}

/** A transport over functions. Parameters are checked as at the real wall; a call without a function rejects by name. */
export function createFakeTransport(handlers: Handlers = {}): FakeTransport {
  const known: Handlers = { ...handlers };
  const listeners = new Set<(event: SequencedEvent) => void>();
  const calls: { method: string; params: unknown }[] = [];
  let last = 0;
  return {
    calls,
    async invoke(method, params) {
      const parsed = parseCall(method, params);
      calls.push(parsed);
      const handler = known[parsed.method] as ((params: unknown) => unknown) | undefined;
      if (!handler) throw new AppError('internal', `No fake handler for ${method}`, { subject: method });
      return handler(parsed.params);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    bytesUrl: (path) => `http://test.invalid${path}`,
    emit(event, seq) {
      last = seq ?? last + 1;
      for (const listener of listeners) listener({ ...event, seq: last });
    },
    on: (more) => void Object.assign(known, more),
  };
}
