import { AppError, type ErrorRecord, reviveError } from '../../electron/base/errors.ts';
import { type SequencedEvent, tables } from '../../electron/contract/events.ts';
import type { Transport } from '../../electron/contract/transport.ts';

export type Connection = 'connecting' | 'open' | 'lost';

/**
 * The loopback host over same-origin HTTP: calls are POSTs, events a stream that the browser reopens by itself. What
 * happened while the stream was down is unknown, so a reopened one starts with "everything changed" (seq 0).
 */
export function createWebTransport(onConnection: (state: Connection) => void = () => {}): Transport {
  return {
    invoke: call,
    subscribe(listener) {
      const source = new EventSource('/api/events', { withCredentials: true });
      let opened = false;
      source.onopen = () => {
        if (opened) listener({ type: 'changed', tables, seq: 0 });
        opened = true;
        onConnection('open');
      };
      source.onerror = () => onConnection('lost');
      source.onmessage = (message: { readonly data: string }) =>
        listener(JSON.parse(message.data) as SequencedEvent);
      return () => source.close();
    },
    bytesUrl: (path) => path,
  };
}

async function call(method: string, params: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`/api/${encodeURIComponent(method)}`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(params),
    });
  } catch (cause) {
    throw new AppError('device', 'Swath does not answer', {
      subject: method,
      remedy: 'Is it still running? The page connects again by itself.',
      cause,
    });
  }
  const answer = await readAnswer(method, response);
  if (answer.error) throw reviveError(answer.error, method);
  return answer.result;
}

async function readAnswer(method: string, response: Response) {
  try {
    return (await response.json()) as { result?: unknown; error?: ErrorRecord };
  } catch (cause) {
    throw new AppError('internal', `The answer to ${method} (status ${response.status}) is not JSON`, {
      subject: method,
      cause,
    });
  }
}
