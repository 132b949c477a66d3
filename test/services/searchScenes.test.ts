import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { failure, testApp } from '../support/testApp.ts';
import { writeRaster } from '../support/writeRaster.ts';

it('finds moved rasters by their content, under other names, and says which are still missing', async () => {
  const test = testApp();
  const { client } = test;
  const raster = (name: string, offset: number) =>
    writeRaster(join(test.folder, `${name}.tif`), { width: 20, height: 10 }, (c, r) => c * r + offset);
  await client.call('project.create', { path: join(test.folder, 'P.swath') });
  const files = [await raster('a', 0), await raster('b', 1), await raster('c', 2)];
  for (const file of files) await test.ended((await client.call('scenes.add', { files: [file] })).run);
  const [a = '', , c = ''] = files;

  const far = join(test.folder, 'archive', '2026');
  mkdirSync(far, { recursive: true });
  renameSync(a, join(far, 'renamed.tif'));
  const { size } = statSync(c);
  rmSync(c);
  // Of the size of the lost one, and something else.
  writeFileSync(join(far, 'decoy.tif'), Buffer.alloc(size));
  expect(await client.call('scenes.search', { folder: join(test.folder, 'archive') })).toEqual({
    relinked: ['a'],
    missing: ['c'],
  });
  const scenes = await client.call('scenes.list', {});
  expect(scenes.map(({ id, files: [file] }) => [id, file?.status])).toEqual([
    ['a', 'ok'],
    ['b', 'ok'],
    ['c', 'missing'],
  ]);
  expect(scenes[0]?.files[0]?.path).toContain('renamed.tif');
  expect(scenes[0]?.statistics).not.toBeNull();
  expect(await failure(client.call('scenes.search', { folder: join(test.folder, 'nowhere') }))).toMatchObject(
    { code: 'not-found' },
  );
});
