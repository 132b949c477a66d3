import { describe, expect, test } from 'vitest';
import { AppError } from '../../electron/base/errors.ts';
import type { FromWorker, ToWorker } from '../../electron/jobs/protocol.ts';
import { type Bodies, serveWork } from '../../electron/work/serve.ts';

function port() {
  const sent: FromWorker[] = [];
  let listener: (message: ToWorker) => void = () => {};
  return {
    sent,
    tell: (message: ToWorker) => listener(message),
    start: (kind: string) =>
      listener({ type: 'start', request: { id: 'r1', folder: '/f', payload: { kind } } }),
    send: (message: FromWorker) => void sent.push(message),
    onMessage: (given: (message: ToWorker) => void) => {
      listener = given;
    },
  };
}

const refuse = () => Promise.reject(new Error('not in this test'));
const bodies = (changes: Partial<Bodies>): Bodies => ({
  statistics: refuse,
  overviews: refuse,
  pretrain: refuse,
  estimate: refuse,
  preview: refuse,
  train: refuse,
  map: refuse,
  assess: refuse,
  'learn-curve': refuse,
  suggest: refuse,
  sample: refuse,
  embed: refuse,
  'live-preview': refuse,
  vectorise: refuse,
  bench: refuse,
  'export-model': refuse,
  'export-encoder': refuse,
  devices: refuse,
  ...changes,
});

describe('serveWork', () => {
  test('runs one job and tells how it went', async () => {
    const p = port();
    const served = serveWork(
      p,
      bodies({
        map: async (job, context) => {
          context.progress({ stage: 'map', done: 1, total: 2, unit: 'px', rate: null, secondsLeft: null });
          context.event('warning', `${job.kind} in ${context.folder}`);
          return { map: context.id } as never;
        },
      }),
    );
    await Promise.resolve();
    p.start('map');
    await served;
    expect(p.sent.map((message) => message.type)).toEqual(['ready', 'progress', 'event', 'done']);
    expect(p.sent[1]).toMatchObject({ progress: { stage: 'map', rssBytes: expect.any(Number) } });
    expect(p.sent[2]).toMatchObject({ name: 'warning', data: 'map in /f' });
    const done = p.sent[3];
    expect(done).toMatchObject({ result: { map: 'r1' } });
    expect(done?.type === 'done' && done.peakRssBytes).toBeGreaterThan(10e6);
  });

  test('an error keeps its code, message and way out', async () => {
    const p = port();
    const thrown = new AppError('mismatch', 'bands', { subject: 's', remedy: 'r' });
    const served = serveWork(p, bodies({ train: () => Promise.reject(thrown) }));
    p.start('train');
    await served;
    expect(p.sent.at(-1)).toMatchObject({
      type: 'failed',
      error: { code: 'mismatch', message: 'bands', subject: 's', remedy: 'r' },
    });
  });

  test('cancelled is not failed, whatever the abort made a library throw', async () => {
    const p = port();
    const served = serveWork(
      p,
      bodies({
        pretrain: (_job, { signal }) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(new TypeError('odd')))),
      }),
    );
    p.start('pretrain');
    await new Promise((resolve) => setImmediate(resolve));
    p.tell({ type: 'cancel' });
    await served;
    expect(p.sent.at(-1)).toMatchObject({ type: 'failed', error: { code: 'cancelled' } });
  });

  test('a cancel that comes before the start is not lost, and an unknown job is refused', async () => {
    const early = port();
    const served = serveWork(early, bodies({}));
    early.tell({ type: 'cancel' });
    early.start('pretrain');
    await served;
    expect(early.sent.at(-1)).toMatchObject({ error: { code: 'cancelled' } });
    const unknown = port();
    const other = serveWork(unknown, bodies({}));
    unknown.start('toString');
    await other;
    expect(unknown.sent.at(-1)).toMatchObject({ error: { code: 'internal' } });
  });
});
