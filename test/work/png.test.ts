import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { encodePalettePng } from '../../electron/work/png.ts';
import { hasGdal } from '../support/gdal.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-png-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.skipIf(!hasGdal)('writes pixels that GDAL reads back with their palette', () => {
  const indices = Uint8Array.from([0, 1, 2, 2, 1, 0, 1, 1, 2, 0, 2, 1, 0, 0, 2]);
  const file = join(folder, 'a.png');
  writeFileSync(
    file,
    encodePalettePng(indices, 5, 3, [
      [0, 0, 0, 0],
      [255, 212, 0, 255],
      [38, 115, 0, 255],
    ]),
  );
  const info = execFileSync('gdalinfo', [file], { encoding: 'utf8' });
  expect(info).toContain('Size is 5, 3');
  expect(info).toMatch(/0: 0,0,0,0\s+1: 255,212,0,255\s+2: 38,115,0,255/);
  const raw = join(folder, 'a.raw');
  execFileSync('gdal_translate', ['-q', '-of', 'ENVI', file, raw]);
  const pixels = execFileSync('cat', [raw]);
  expect([...pixels]).toEqual([...indices]);
});
