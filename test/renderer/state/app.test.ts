import { expect, test } from 'vitest';
import { AppError } from '../../../electron/base/errors.ts';
import { defaultPreferences } from '../../../electron/contract/catalog/preferences.ts';
import { createClient } from '../../../electron/contract/client.ts';
import type { AppInfo } from '../../../electron/contract/project.ts';
import { App } from '../../../renderer/state/app.svelte.ts';
import { createMemory } from '../../../renderer/state/memory.ts';
import { createFakeTransport } from '../../support/fakeTransport.ts';
import { field, project, run, scene } from './fixtures.ts';

const info: AppInfo = {
  version: '0',
  platform: 'linux',
  cores: 2,
  memoryBytes: 2 ** 33,
  capabilities: { host: 'test', fileDialogs: false, nativeMenu: false, notifications: false },
};

function fakeApp() {
  const transport = createFakeTransport({
    'app.info': () => info,
    'settings.get': () => ({ values: defaultPreferences, problem: null }),
    'project.current': () => project,
    'project.recent': () => [],
    'scenes.list': () => [scene('a')],
    'regions.list': () => [],
    'classes.list': () => [{ code: 3, name: 'Beet', color: '#aa0000', key: '1' }],
    'fields.list': () => [field('f1')],
    'runs.list': () => [run('r1')],
    'models.list': () => [],
    'maps.list': () => [],
    'assessments.list': () => [],
    'samples.list': () => [],
    'history.state': () => ({ undo: null, redo: null }),
  });
  const app = new App(createClient(transport), createMemory(), { starting: 'start', reading: 'read' });
  return { app, transport };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const callsOf = (transport: { calls: { method: string }[] }, method: string) =>
  transport.calls.filter((c) => c.method === method).length;

test('starting reads everything of an open project', async () => {
  const { app } = fakeApp();
  await app.start();
  await settled();
  expect(app.scenes.active?.id).toBe('a');
  expect(app.labels.code).toBe(3);
  expect(app.runs.running?.id).toBe('r1');
  expect(app.notices.failures).toEqual([]);
});

test('without a project nothing of a project is asked for', async () => {
  const { app, transport } = fakeApp();
  transport.on({ 'project.current': () => null });
  await app.start();
  await settled();
  expect(callsOf(transport, 'scenes.list')).toBe(0);
  expect(app.project.current).toBeNull();
  expect(app.ready).toBe(true);
});

test('a change reads its table again and no other', async () => {
  const { app, transport } = fakeApp();
  await app.start();
  await settled();
  const before = { fields: callsOf(transport, 'fields.list'), scenes: callsOf(transport, 'scenes.list') };
  transport.emit({ type: 'changed', tables: ['fields'] });
  await settled();
  expect(callsOf(transport, 'fields.list')).toBe(before.fields + 1);
  expect(callsOf(transport, 'scenes.list')).toBe(before.scenes);
});

test('a missed event reads everything again', async () => {
  const { app, transport } = fakeApp();
  await app.start();
  transport.emit({ type: 'changed', tables: ['fields'] }, 7);
  await settled();
  const before = callsOf(transport, 'scenes.list');
  transport.emit({ type: 'changed', tables: ['fields'] }, 9);
  await settled();
  expect(callsOf(transport, 'scenes.list')).toBeGreaterThan(before);
});

test('closing the project forgets it and asks nothing more', async () => {
  const { app, transport } = fakeApp();
  await app.start();
  await settled();
  transport.on({ 'project.current': () => null });
  const before = callsOf(transport, 'scenes.list');
  transport.emit({ type: 'changed', tables: ['project', 'scenes', 'fields'] });
  await settled();
  expect(app.scenes.list).toEqual([]);
  expect(callsOf(transport, 'scenes.list')).toBe(before);
  expect(app.notices.failures).toEqual([]);
});

test('runs, progress and metrics arrive as events', async () => {
  const { app, transport } = fakeApp();
  transport.on({ 'runs.metrics': () => [{ step: 1, epoch: 0, loss: 3 }] });
  await app.start();
  await app.runs.readMetrics('r1');
  transport.emit({ type: 'metrics', run: 'r1', rows: [{ step: 2, epoch: 0, loss: 2 }] });
  transport.emit({ type: 'metrics', run: 'r1', rows: [{ step: 2, epoch: 0, rankMe: 9 }] });
  expect(app.runs.metrics.r1).toEqual([
    { step: 1, epoch: 0, loss: 3 },
    { step: 2, epoch: 0, loss: 2, rankMe: 9 },
  ]);
  const progress = {
    run: 'r1',
    stage: 's',
    done: 1,
    total: 2,
    unit: 'tiles',
    rate: 1,
    secondsLeft: 1,
    rssBytes: 0,
  };
  transport.emit({ type: 'progress', progress });
  expect(app.runs.progress.r1?.done).toBe(1);
  transport.on({ 'runs.list': () => [run('r1', { state: 'done' })] });
  transport.emit({ type: 'run', run: run('r1', { state: 'done' }) });
  expect(app.runs.progress.r1).toBeUndefined();
  expect(app.runs.running).toBeNull();
});

test('a failed reading is shown with its remedy; cancelled work is not a failure', async () => {
  const { app, transport } = fakeApp();
  transport.on({
    'scenes.list': () => {
      throw new AppError('not-found', 'gone', { remedy: 'look' });
    },
  });
  await app.start();
  await settled();
  expect(app.notices.failures.map((f) => f.record.remedy)).toEqual(['look']);
  await app.notices.attempt('x', () => Promise.reject(new AppError('cancelled', 'stopped')));
  expect(app.notices.failures).toHaveLength(1);
});

test('a map is hidden where the scene is looked at and shown where results are', () => {
  const { app } = fakeApp();
  app.window.go('map');
  expect(app.look('map:m').visible).toBe(true);
  app.window.go('label');
  expect(app.look('map:m').visible).toBe(false);
  app.setLook('map:m', { visible: true });
  expect(app.look('map:m').visible).toBe(true);
});
