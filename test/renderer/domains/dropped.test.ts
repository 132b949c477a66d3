import { expect, test } from 'vitest';
import { sortDropped } from '../../../renderer/domains/project/dropped.ts';

test.each([
  [['/a/Farm.swath'], { kind: 'project', path: '/a/Farm.swath' }],
  [['C:\\data\\Farm.swath\\'], { kind: 'project', path: 'C:\\data\\Farm.swath\\' }],
  [['/a/Farm.swath/project.gpkg'], { kind: 'project', path: '/a/Farm.swath' }],
  [['/a/Farm.swath/Open in Swath.swath'], { kind: 'project', path: '/a/Farm.swath' }],
  [['/a/x.tif', '/a/notes.txt', '/a/y.TIFF'], { kind: 'rasters', paths: ['/a/x.tif', '/a/y.TIFF'] }],
  [['/a/fields.gpkg'], { kind: 'vectors', paths: ['/a/fields.gpkg'] }],
  [['/a/fields.geojson', '/a/x.tif'], { kind: 'rasters', paths: ['/a/x.tif'] }],
  [['/a/notes.txt'], { kind: 'unknown', names: ['notes.txt'] }],
  [['x.tif'], { kind: 'rasters', paths: ['x.tif'] }],
])('%j', (paths, expected) => {
  expect(sortDropped(paths)).toEqual(expected);
});
