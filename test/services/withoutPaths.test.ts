import { expect, test } from 'vitest';
import { withoutPaths } from '../../electron/services/withoutPaths.ts';

test.each([
  ['No such file or folder: /home/maria/farm/scene.tif', /^No such file or folder: <path \w{6}\.tif>$/],
  ['C:\\Users\\Maria Huber\\x.swath is open', /^<path \w{6}\.swath> is open$/],
  ["cannot read '/data/Maria Huber/field 7.gpkg'.", /^cannot read '<path \w{6}\.gpkg>'\.$/],
  ['\\\\office\\share\\a.tif, and /mnt/b.tif', /^<path \w{6}\.tif>, and <path \w{6}\.tif>$/],
  ['at open (file:///home/maria/swath/electron/store/open.ts:12:3)', /^at open \(<path \w{6}\.ts>:12:3\)$/],
  ['overwrites {"path":"/home/maria/a.json"}', /^overwrites \{"path":"<path \w{6}\.json>"\}$/],
])('%s', (text, expected) => {
  const clean = withoutPaths(text);
  expect(clean).toMatch(expected);
  expect(clean.toLowerCase()).not.toMatch(/maria|huber|home|share|office/);
});

test('what is no path stays as it is', () => {
  const text = '12 tiles/s, 3 of 4 images/s, and/or; ratio 1/2, https://example.org/a';
  expect(withoutPaths(text)).toBe(text);
});

test('the same path has the same mark, and names are left out', () => {
  const [a, b] = withoutPaths('/a/b.tif\n/a/b.tif').split('\n');
  expect(a).toBe(b);
  expect(withoutPaths('run by Maria on farm-pc', ['maria', 'farm-pc'])).toBe('run by <name> on <name>');
});
