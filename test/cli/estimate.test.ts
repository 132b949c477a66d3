/** What is said of a run before it starts, against what it takes. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import type { PretrainResult, RunEstimate } from '../../electron/contract/run.ts';
import { tmpFolder } from '../support/tmpProject.ts';
import { writeRaster } from '../support/writeRaster.ts';
import { swath } from './support.ts';

it('foretells the peak of memory within a quarter, and refuses what would not fit', {
  timeout: 180_000,
}, async () => {
  const cwd = tmpFolder();
  const own = { cwd, appData: join(cwd, 'data') };
  const prng = prngFrom(2);
  const shape = { width: 768, height: 768, bands: 2, dtype: 'uint8' } as const;
  await writeRaster(join(cwd, 'a.tif'), shape, () => prng.integer(250));
  await swath(['new', 'P'], own);
  await swath(['scene', 'add', 'P', 'a.tif'], own);
  const words = ['--method', 'moco', '--encoder', 'resnet18', '--batch', '32', '--device', 'cpu'];
  const asked = ['pretrain', 'P', ...words, '--set', 'tilesPerEpoch=128', '--epochs', '1'];
  const before = (await swath([...asked, '--estimate', '--json'], own)).json as RunEstimate;
  expect(before.memory.fits).toBe(true);
  const { peakRssBytes } = (await swath([...asked, '--json'], own)).json as PretrainResult;
  expect(before.memory.bytes / peakRssBytes).toBeGreaterThan(0.75);
  expect(before.memory.bytes / peakRssBytes).toBeLessThan(1.25);
  const huge = [
    '--method',
    'vicreg',
    '--batch',
    '128',
    '--tile',
    '64',
    '--set',
    'width=256',
    '--set',
    'layers=8',
  ];
  const refused = await swath(['pretrain', 'P', ...huge, '--json'], own);
  expect(refused.code).toBe(1);
  expect(refused.json).toMatchObject({ error: { code: 'out-of-memory' } });
  expect(JSON.stringify(refused.json)).toMatch(
    /needs [\d.]+ GiB of memory, and [\d.]+ GiB can be had.*--batch \d+/,
  );
});
