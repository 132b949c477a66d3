import { afterEach, expect, test, vi } from 'vitest';
import type { SequencedEvent } from '../../../electron/contract/events.ts';
import { createWebTransport } from '../../../renderer/api/webTransport.ts';

afterEach(() => vi.unstubAllGlobals());

function answering(status: number, body: string) {
  const fetching = vi.fn(async (_url: string, _init: RequestInit) => new Response(body, { status }));
  vi.stubGlobal('fetch', fetching);
  return fetching;
}

test('a call is a POST to its name, and its result comes back', async () => {
  const fetching = answering(200, '{"result":{"a":1}}');
  await expect(createWebTransport().invoke('scenes.list', { x: 2 })).resolves.toEqual({ a: 1 });
  expect(fetching.mock.calls[0]?.[0]).toBe('/api/scenes.list');
  expect(fetching.mock.calls[0]?.[1]).toMatchObject({ method: 'POST', body: '{"x":2}' });
});

test('an error comes back as the app meant it', async () => {
  answering(422, '{"error":{"code":"disk-full","message":"full","remedy":"tidy","subject":"/x"}}');
  await expect(createWebTransport().invoke('a', {})).rejects.toMatchObject({
    code: 'disk-full',
    message: 'full',
    remedy: 'tidy',
    subject: '/x',
  });
});

test('an answer that is no JSON, and no answer at all, are errors with words', async () => {
  answering(502, '<html>');
  await expect(createWebTransport().invoke('a', {})).rejects.toMatchObject({ code: 'internal' });
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
  await expect(createWebTransport().invoke('a', {})).rejects.toMatchObject({ code: 'device' });
});

test('a stream that was down says that everything may have changed', () => {
  class FakeSource {
    onopen: (() => void) | undefined;
    onerror: (() => void) | undefined;
    onmessage: ((message: { data: string }) => void) | undefined;
    constructor() {
      made.push(this);
    }
    close() {}
  }
  const made: FakeSource[] = [];
  vi.stubGlobal('EventSource', FakeSource);
  const heard: SequencedEvent[] = [];
  const states: string[] = [];
  createWebTransport((s) => states.push(s)).subscribe((e) => heard.push(e));
  const source = made[0];
  source?.onopen?.();
  source?.onmessage?.({ data: '{"type":"notice","level":"info","message":"hi","seq":4}' });
  source?.onerror?.();
  source?.onopen?.();
  expect(heard.map((e) => [e.type, e.seq])).toEqual([
    ['notice', 4],
    ['changed', 0],
  ]);
  expect(states).toEqual(['open', 'lost', 'open']);
});
