/** A project of two dates of one place, on real data. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caller } from './finishSample.ts';
import { root } from './server.ts';

export const innScene = join(root, '../shared/data/inn-farmland/s2_two_seasons_8band_uint16.tif');

/** Two seasons of Sentinel-2 over the Inn valley, and two labelled squares. */
export async function innProject(url: string): Promise<void> {
  const call = caller(url);
  const path = join(mkdtempSync(join(tmpdir(), 'swath-map-')), 'Inn.swath');
  await call('project.create', { path });
  const add = (name: string, date: string, bands: number[]) =>
    call('scenes.add', { files: [innScene], name, date, bands, sensor: 'planetscope-4' });
  await add('Spring', '2018-04-19', [1, 2, 3, 4]);
  await add('Summer', '2018-07-19', [5, 6, 7, 8]);
  await call('classes.save', {
    classes: [
      { code: 1, name: 'Wheat', color: '#e69f00', key: '1' },
      { code: 2, name: 'Forest', color: '#009e73', key: '2' },
    ],
  });
  const square = (x: number, y: number) => ({
    type: 'Polygon',
    coordinates: [
      [
        [x, y],
        [x + 200, y],
        [x + 200, y + 200],
        [x, y + 200],
        [x, y],
      ],
    ],
  });
  await call('fields.add', {
    fields: [
      { geometry: square(360_500, 5_350_500), classCode: 1 },
      { geometry: square(363_000, 5_349_500), classCode: 2 },
    ],
  });
}
