/** `swath map --scene all`: every scene of a project that suits the model, and the others by name. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import type { MapResult, TrainResult } from '../../electron/contract/run.ts';
import { tmpFolder } from '../support/tmpProject.ts';
import { writeRaster } from '../support/writeRaster.ts';
import { swath } from './support.ts';

const cropAt = (col: number) => 1 + (Math.floor(col / 20) % 2);

it('maps each scene that suits the model, and names the others', { timeout: 120_000 }, async () => {
  const cwd = tmpFolder();
  const at = { cwd, appData: join(cwd, 'data') };
  const prng = prngFrom(3);
  const size = { width: 80, height: 60 };
  for (const [name, bands] of [
    ['home', 2],
    ['away', 2],
    ['other', 1],
  ] as const)
    await writeRaster(
      join(cwd, `${name}.tif`),
      { ...size, bands },
      (col, _row, band) => (cropAt(col) === band ? 0.8 : 0.3) + 0.05 * prng.normal(),
    );
  await writeRaster(join(cwd, 'labels.tif'), { ...size, dtype: 'uint8', content: 'classes' }, (col, row) =>
    col % 20 > 2 && row % 30 > 2 ? cropAt(col) : 0,
  );
  await swath(['new', 'P'], at);
  for (const name of ['home', 'away', 'other']) await swath(['scene', 'add', 'P', `${name}.tif`], at);
  await swath(['labels', 'import', 'P', 'labels.tif', '--class-field', 'value', '--scene', 'home'], at);
  const trained = await swath(['train', 'P', '--encoder', 'none', '--json'], at);
  const { model } = trained.json as TrainResult;

  const outcome = await swath(['map', 'P', '--model', model, '--scene', 'all', '--json'], at);
  const { maps, refused } = outcome.json as {
    maps: (MapResult & { scene: string })[];
    refused: { scene: string; code: string }[];
  };
  expect(maps.map(({ scene }) => scene).sort()).toEqual(['away', 'home']);
  expect(maps.every(({ classes }) => classes.every(({ pixels }) => Math.abs(pixels - 2400) < 100))).toBe(
    true,
  );
  expect(refused).toMatchObject([{ scene: 'other', code: 'mismatch' }]);

  const one = await swath(['map', 'P', '--model', model, '--scene', 'all', '--out', 'm.tif', '--json'], at);
  expect(one).toMatchObject({ code: 2, json: { error: { code: 'usage', subject: '--out' } } });
});
