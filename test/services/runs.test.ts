import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childSpawn } from '../../electron/hosts/spawn.ts';
import type { WorkerHandle } from '../../electron/jobs/protocol.ts';
import { square } from '../support/labels.ts';
import { failure, type TestApp, testApp } from '../support/testApp.ts';
import { writeRaster } from '../support/writeRaster.ts';

/** The app with the processes of its workers, so that a test can kill one. */
function killable(): { test: TestApp; workers: WorkerHandle[] } {
  const workers: WorkerHandle[] = [];
  const spawn = childSpawn();
  const test = testApp({
    spawn: () => {
      const worker = spawn();
      workers.push(worker);
      return worker;
    },
  });
  return { test, workers };
}

async function withScene(test: TestApp): Promise<void> {
  await test.client.call('project.create', { path: join(test.folder, 'P.swath') });
  await addScene(test);
}

async function addScene(test: TestApp): Promise<void> {
  const file = await writeRaster(
    join(test.folder, 'a.tif'),
    { width: 128, height: 128, bands: 3 },
    (c, r, b) => Math.sin(c / 5 + b) + Math.cos(r / 7),
  );
  const { run } = await test.client.call('scenes.add', { files: [file] });
  await test.ended(run);
}

const endless = {
  method: 'simsiam',
  epochs: 1000,
  batch: 16,
  tile: 12,
  set: { tilesPerEpoch: 64, width: 8 },
} as const;

/** Resolves at the first progress of a run. */
function underWay(test: TestApp, id: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = test.app.subscribe((event) => {
    if (event.type !== 'progress' || event.progress.run !== id) return;
    stop();
    resolve();
  });
  return promise;
}

describe('runs', () => {
  it('whose worker is killed fail with a reason within a second, and the next one starts', async () => {
    const { test, workers } = killable();
    await withScene(test);
    const victim = await test.client.call('runs.pretrain', endless);
    const next = await test.client.call('runs.pretrain', { ...endless, epochs: 1 });
    await underWay(test, victim.id);
    const killed = performance.now();
    process.kill(workers.at(-1)?.pid ?? -1, 'SIGKILL');
    const failed = await test.ended(victim);
    expect(performance.now() - killed).toBeLessThan(1000);
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'worker-died' } });
    expect(failed.reason).toContain('SIGKILL');
    // The app answers as before.
    expect(await test.client.call('scenes.list', {})).toHaveLength(1);
    expect((await test.ended(next)).state).toBe('done');
  });

  it('are cancelled with their state saved, queued or running', async () => {
    const { test } = killable();
    await withScene(test);
    const running = await test.client.call('runs.pretrain', endless);
    const queued = await test.client.call('runs.pretrain', endless);
    await underWay(test, running.id);
    await test.client.call('runs.cancel', { run: queued.id });
    expect((await test.ended(queued)).started).toBeNull();
    const asked = performance.now();
    await test.client.call('runs.cancel', { run: running.id });
    expect(await test.ended(running)).toMatchObject({
      state: 'cancelled',
      reason: 'Cancelled by the user',
      error: null,
    });
    // About a second on an idle machine; what a busy one takes is bounded by the time that saving may have.
    expect(performance.now() - asked).toBeLessThan(20_000);
  });

  it('that a closed project cut short are interrupted, and can be resumed from their checkpoint', async () => {
    const { test } = killable();
    await withScene(test);
    const run = await test.client.call('runs.pretrain', endless);
    const { promise: saved, resolve } = Promise.withResolvers<void>();
    const checkpoint = join(test.folder, 'P.swath', 'runs', run.id, 'checkpoint.safetensors');
    const look = setInterval(() => existsSync(checkpoint) && resolve(), 50);
    await saved;
    clearInterval(look);
    await test.client.call('project.close', {});
    await test.client.call('project.open', { path: join(test.folder, 'P.swath') });
    expect(await test.client.call('runs.get', { run: run.id })).toMatchObject({ state: 'interrupted' });
    const before = await test.client.call('runs.metrics', { run: run.id });
    const resumed = await test.client.call('runs.pretrain', { method: 'vicreg', resume: run.id });
    // What it was started with counts, not what the call says beside.
    expect(resumed).toMatchObject({ method: 'simsiam', params: { resume: run.id, batch: 16, tile: 12 } });
    const { promise: went, resolve: go } = Promise.withResolvers<number>();
    test.app.subscribe((event) => {
      if (event.type === 'metrics' && event.run === resumed.id) go(event.rows.at(-1)?.step ?? 0);
    });
    expect(await went).toBeGreaterThan(Math.max(0, ...before.map((row) => row.step)) - 100);
    await test.client.call('runs.cancel', { run: resumed.id });
    await test.ended(resumed);
  });

  it('that cannot work are refused before they are queued, and leave no trace', async () => {
    const { test } = killable();
    await test.client.call('project.create', { path: join(test.folder, 'P.swath') });
    expect((await failure(test.client.call('runs.pretrain', endless))).code).toBe('not-found');
    await addScene(test);
    const { client } = test;
    const refusals = [
      [client.call('runs.pretrain', { ...endless, set: { colour: 3 } }), 'usage', 'colour'],
      [client.call('runs.pretrain', { ...endless, batch: 16, set: { width: 9999 } }), 'usage', 'width'],
      [client.call('runs.pretrain', { ...endless, scenes: ['b'] }), 'not-found', 'scene b'],
      [client.call('runs.pretrain', { ...endless, from: 'nobody' }), 'not-found', 'nobody'],
      [client.call('runs.pretrain', { ...endless, resume: 'nobody' }), 'not-found', 'nobody'],
      [client.call('models.train', { encoder: 'nobody' }), 'not-found', 'nobody'],
      [client.call('models.train', { encoder: 'none' }), 'bad-input', 'No labelled field'],
      [client.call('maps.create', { model: 'nobody' }), 'not-found', 'nobody'],
      [
        client.call('assessments.create', { map: 'nobody', reference: { from: 'held-out' } }),
        'not-found',
        'nobody',
      ],
    ] as const;
    for (const [call, code, words] of refusals) {
      const error = await failure(call);
      expect([error.code, error.message.includes(words)], error.message).toEqual([code, true]);
      expect(error.remedy).toBeTruthy();
    }
    await client.call('classes.save', { classes: [{ code: 1, name: 'A', color: '#123456', key: null }] });
    await client.call('fields.add', { fields: [{ geometry: square(5, -30), classCode: 1 }] });
    expect((await failure(client.call('models.train', { encoder: 'none' }))).message).toContain(
      'Only class 1',
    );
    expect((await client.call('runs.list', {})).map((run) => run.kind)).toEqual(['statistics']);
    expect(readdirSync(join(test.folder, 'P.swath', 'runs'))).toEqual([]);
  });

  it('never write over a file of the user', async () => {
    const { test } = killable();
    await withScene(test);
    const { client } = test;
    await client.call('classes.save', {
      classes: [1, 2].map((code) => ({ code, name: `C${code}`, color: `#12345${code}`, key: null })),
    });
    await client.call('fields.add', {
      fields: [0, 1, 2, 3].map((i) => ({ geometry: square(5 + 30 * i, -30), classCode: 1 + (i % 2) })),
    });
    const trained = await test.ended(await client.call('models.train', { encoder: 'none' }));
    expect(trained.error).toBeNull();
    const model = String(trained.result?.model);
    const scene = join(test.folder, 'a.tif');
    const refused = await failure(client.call('maps.create', { model, out: scene }));
    expect(refused).toMatchObject({ code: 'exists', subject: scene });
    const out = join(test.folder, 'map.tif');
    expect((await test.ended(await client.call('maps.create', { model, out }))).error).toBeNull();
    // Its own map may be made again; the old row goes with the old file.
    expect((await test.ended(await client.call('maps.create', { model, out }))).error).toBeNull();
    expect(await client.call('maps.list', {})).toHaveLength(1);
    writeFileSync(join(test.folder, 'other.html'), 'mine');
    const reference = { from: 'role', role: 'train' } as const;
    const report = join(test.folder, 'other.html');
    expect((await failure(client.call('assessments.create', { map: out, reference, report }))).code).toBe(
      'exists',
    );
  });
});
