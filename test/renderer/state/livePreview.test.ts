import { describe, expect, it } from 'vitest';
import { createClient } from '../../../electron/contract/client.ts';
import type { LivePreview } from '../../../electron/contract/livePreview.ts';
import { Live } from '../../../renderer/state/livePreview.svelte.ts';
import { Runs } from '../../../renderer/state/runs.svelte.ts';
import { createFakeTransport } from '../../support/fakeTransport.ts';

const ready = (revision: string): LivePreview => ({
  state: 'ready',
  revision,
  learnt: true,
  encoder: 'none',
  seconds: 0.1,
  classes: [
    { code: 1, fields: 2, pixels: 20 },
    { code: 2, fields: 1, pixels: 10 },
  ],
});

/** Answers of the app are given out one by one. */
function setUp() {
  const waiting: ((answer: LivePreview) => void)[] = [];
  const transport = createFakeTransport({
    'livePreview.fit': () => new Promise((resolve) => waiting.push(resolve)),
  });
  const client = createClient(transport);
  const live = new Live(client, new Runs(client));
  live.on = true;
  const answer = async (given: LivePreview) => {
    waiting.shift()?.(given);
    await new Promise((resolve) => setTimeout(resolve));
  };
  const asked = () => transport.calls.filter((call) => call.method === 'livePreview.fit').length;
  return { live, answer, asked };
}
const versions = (overlays: Live['overlays']) => [...new Set(overlays.map((o) => o.version))];

describe('the live preview', () => {
  it('asks one question at a time, and of those that wait only the newest', async () => {
    const { live, answer, asked } = setUp();
    const all = [1, 2, 3].map(() => live.refresh('s'));
    expect([asked(), live.busy]).toEqual([1, true]);
    await answer(ready('a'));
    expect(asked()).toBe(2);
    await answer(ready('b'));
    await Promise.all(all);
    expect([asked(), live.busy]).toEqual([2, false]);
    expect(versions(live.overlays)).toEqual(['b']);
  });

  it('keeps what is painted on the map until its successor is painted', async () => {
    const { live, answer } = setUp();
    const first = live.refresh('s');
    await answer(ready('a'));
    await first;
    expect(live.fading).toEqual([]);
    live.painted('a');
    expect(live.isPainted).toBe(true);
    expect(live.milliseconds).toBeGreaterThan(0);
    const second = live.refresh('s');
    await answer(ready('b'));
    await second;
    expect([versions(live.fading), versions(live.overlays), live.isPainted]).toEqual([['a'], ['b'], false]);
    live.painted('a');
    expect(live.isPainted).toBe(false);
    live.painted('b');
    expect([versions(live.fading), live.isPainted]).toEqual([[], true]);
  });

  it('shows nothing of labels that can no longer be told apart', async () => {
    const { live, answer } = setUp();
    const first = live.refresh('s');
    await answer(ready('a'));
    await first;
    live.painted('a');
    const second = live.refresh('s');
    await answer({ ...ready('b'), state: 'too-few', learnt: false } as LivePreview);
    await second;
    expect([live.overlays, live.fading, live.revision]).toEqual([[], [], null]);
  });

  it('says why there is no preview, and asks again', async () => {
    const { live, answer, asked } = setUp();
    const first = live.refresh('s');
    await answer(Promise.reject(new Error('gone')) as never);
    await first;
    expect(live.failure).toMatchObject({ message: 'gone' });
    const second = live.refresh('s');
    await answer(ready('a'));
    await second;
    expect([live.failure, asked()]).toEqual([null, 2]);
  });
});
