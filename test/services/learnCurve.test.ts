import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import type { LearnCurveResult } from '../../electron/contract/run.ts';
import { square } from '../support/labels.ts';
import { failure, type TestApp, testApp } from '../support/testApp.ts';
import { writeRaster } from '../support/writeRaster.ts';

/** 60 × 20 pixels without a CRS: six squares of two crops, told apart by one band. */
async function farm(): Promise<TestApp> {
  const test = testApp();
  const prng = prngFrom(3);
  const file = await writeRaster(
    join(test.folder, 'a.tif'),
    { width: 60, height: 20 },
    (col) => (Math.floor(col / 10) % 2) + 0.1 * prng.normal(),
  );
  await test.client.call('project.create', { path: join(test.folder, 'P.swath') });
  await test.ended((await test.client.call('scenes.add', { files: [file] })).run);
  return test;
}

function reference(test: TestApp, crops: readonly string[]): string {
  const file = join(test.folder, 'reference.geojson');
  const features = crops.map((crop, i) => ({
    type: 'Feature',
    properties: { crop },
    geometry: square(i * 10 + 1, -15, 8),
  }));
  writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features }));
  return file;
}

const twoCrops = ['wheat', 'maize', 'wheat', 'maize', 'wheat', 'maize'];

describe('learnCurve.create', () => {
  it('takes a vector file as reference, and leaves the project as it was', async () => {
    const test = await farm();
    const file = reference(test, twoCrops);
    const run = await test.client.call('learnCurve.create', {
      reference: { file, classField: 'crop' },
      shots: [4, 2, 4],
      seeds: 3,
    });
    const ended = await test.ended(run);
    expect(ended).toMatchObject({ kind: 'learn-curve', state: 'done', params: { scene: 'a' } });
    const result = ended.result as unknown as LearnCurveResult;
    expect(result).toMatchObject({ split: 'field', seeds: 3, classes: [1, 2] });
    expect([...new Set(result.results.map((row) => row.shots))]).toEqual([2, 4]);
    const best = Math.max(...result.results.map((row) => row.oa.mean));
    expect(best).toBeGreaterThan(0.95);
    expect(await test.client.call('classes.list', {})).toEqual([]);
    expect(await test.client.call('fields.list', {})).toEqual([]);
  });

  it('says what the reference lacks', async () => {
    const test = await farm();
    const { client } = test;
    const none = await failure(client.call('learnCurve.create', {}));
    expect(none).toMatchObject({ code: 'bad-input' });
    expect(none.message).toContain('the project has none');
    const file = reference(test, ['wheat', 'wheat']);
    const one = await failure(client.call('learnCurve.create', { reference: { file, classField: 'crop' } }));
    expect(one.message).toContain(`${file} has only class 1`);
    const unnamed = await failure(client.call('learnCurve.create', { reference: { file } }));
    expect(unnamed).toMatchObject({ code: 'usage', remedy: 'Name one of crop.' });
    expect(await failure(client.call('learnCurve.create', { encoders: ['vicreg-9'] }))).toMatchObject({
      code: 'not-found',
      subject: 'vicreg-9',
    });
    expect((await client.call('runs.list', {})).map((run) => run.kind)).toEqual(['statistics']);
  });
});
