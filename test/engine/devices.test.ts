/** What a machine has, and what `auto` makes of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isAppError } from '../../electron/base/errors.ts';
import { silent } from '../../electron/base/log.ts';
import {
  contenders,
  fastest,
  findingKey,
  keepFinding,
  readFinding,
  reasonFor,
} from '../../electron/engine/devices/choose.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import { deviceIds } from '../../electron/engine/types.ts';
import { smallBatch, smallHyper, smallState, smallStep } from './smallStep.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-devices-'));
afterAll(() => rmSync(folder, { recursive: true }));
const engine = createEngine({ cacheFolder: folder });

describe('devices', () => {
  it('reports every device with a word on each', async () => {
    const reports = await engine.devices();
    expect(reports.map((r) => r.id)).toEqual([...deviceIds]);
    for (const r of reports) expect(r.detail, r.id).not.toBe('');
    expect(reports.find((r) => r.id === 'cpu')?.available).toBe(true);
    expect(reports.find((r) => r.id === 'wasm')?.kind).toBe('eager');
  });

  it('refuses a device that is not there, and says why', async () => {
    const missing = (await engine.devices()).find((r) => !r.available);
    if (!missing) return;
    await expect(engine.startStep(smallStep, smallState(), { device: missing.id })).rejects.toSatisfy(
      (e) => isAppError(e, 'device') && e.message.includes(missing.detail),
    );
  });

  it('chooses one by itself that trains', async () => {
    const running = await engine.startStep(smallStep, smallState(), { device: 'auto' });
    expect(running.deviceReason).toContain(running.device);
    const first = (await running.run(smallBatch(0), smallHyper)).loss?.data[0];
    const cpu = await engine.startStep(smallStep, smallState(), { device: 'cpu' });
    // The timing of candidates must not have moved the state.
    expect((await cpu.run(smallBatch(0), smallHyper)).loss?.data[0]).toBeCloseTo(first ?? Number.NaN, 4);
    await running.dispose();
    await cpu.dispose();
  });
});

describe('a step', () => {
  it('is timed by its own first runs, and known from then on', async () => {
    const options = { device: 'cpu' } as const;
    const own = createEngine({ cacheFolder: mkdtempSync(join(folder, 'rates-')) });
    expect(await own.estimateStep(smallStep, options)).toMatchObject({
      ...{ device: 'cpu', tilesPerSecond: null, measured: null },
    });
    const running = await own.startStep(smallStep, smallState(), options);
    const started = performance.now();
    for (let i = 0; i < 5; i++) await running.run(smallBatch(i), smallHyper);
    const seconds = (performance.now() - started) / 1000;
    await running.dispose();
    const known = await own.estimateStep(smallStep, options);
    // Five runs of six tiles, three of them timed.
    expect(known.tilesPerSecond).toBeGreaterThan((3 * 6) / seconds);
    const [timing] = (await own.devices()).find(({ id }) => id === 'cpu')?.timings ?? [];
    expect(timing).toMatchObject({ work: 'test/small', isChosen: true, when: known.measured });
    expect(timing?.tilesPerSecond).toBe(known.tilesPerSecond);
  });
});

describe('the choice', () => {
  it('takes the fastest and says against what', () => {
    const finding = fastest('step', { cpu: 80.4, webgpu: 912.2 }, { now: () => 0, tick: () => 0 });
    expect(finding?.device).toBe('webgpu');
    expect(finding && reasonFor(finding, true)).toBe('webgpu: 912 tiles/s against 80 on cpu (measured now)');
    expect(finding && reasonFor(finding, false)).toBe(
      'webgpu: 912 tiles/s against 80 on cpu (measured 1970-01-01)',
    );
    expect(fastest('step', {})).toBeUndefined();
    const alone = fastest('step', { cpu: 80.4 });
    expect(alone && reasonFor(alone, true)).toBe(
      'cpu: 80 tiles/s (measured now), and no other device loads on this machine',
    );
  });

  it('is kept per step and set of devices', () => {
    const key = findingKey('a', ['cpu', 'webgpu'], 2);
    const finding = { work: 'a', device: 'cpu', rates: { cpu: 3 }, when: '2026-01-01T00:00:00Z' } as const;
    keepFinding(folder, key, finding, silent);
    expect(readFinding(folder, key)).toEqual(finding);
    expect(readFinding(folder, findingKey('b', ['cpu', 'webgpu'], 2))).toBeUndefined();
    expect(readFinding(folder, findingKey('a', ['cpu'], 2))).toBeUndefined();
  });

  it('never times the eager processor devices', () => {
    const report = (id: (typeof deviceIds)[number], available: boolean) => ({
      id,
      available,
      kind: 'eager' as const,
      detail: '',
    });
    expect(
      contenders([
        report('cpu', true),
        report('webgpu', false),
        report('wasm', true),
        report('tfjs-cpu', true),
      ]),
    ).toEqual(['cpu']);
  });
});
