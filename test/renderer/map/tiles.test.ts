import { expect, test } from 'vitest';
import { levels, tileSize } from '../../../electron/contract/bytes.ts';
import { estimateRanges } from '../../../renderer/map/estimateRanges.ts';
import { arrange } from '../../../renderer/map/tileData.ts';
import { createTileGrid } from '../../../renderer/map/tileGrid.ts';

const pixels = tileSize * tileSize;

test('the finest level has the resolution of the scene and its tiles start at the upper left', () => {
  const grid = createTileGrid({
    width: 700,
    height: 300,
    extent: [1000, 2000, 8000, 5000],
    resolution: [10, 10],
  });
  const top = levels(700, 300) - 1;
  expect(grid.getResolutions()).toEqual([40, 20, 10]);
  expect(grid.getTileCoordExtent([top, 0, 0])).toEqual([1000, 5000 - 2560, 1000 + 2560, 5000]);
  // The coarsest level is one tile: 7 km at 40 m are 175 pixels.
  expect(grid.getFullTileRange(0)?.getWidth()).toBe(1);
  expect(grid.getFullTileRange(top)?.getWidth()).toBe(3);
  expect(grid.getFullTileRange(top)?.getHeight()).toBe(2);
});

test('pixels that are not square keep 256 of them in a tile', () => {
  const grid = createTileGrid({ width: 256, height: 256, extent: [0, 0, 256, 512], resolution: [1, 2] });
  expect(grid.getTileCoordExtent([0, 0, 0])).toEqual([0, 0, 256, 512]);
});

test('a band shown in several channels travels once', () => {
  const tile = new Float32Array(pixels * 3);
  tile.set([7, 9, 1]);
  const out = arrange(tile, [4, 2], [4, 2, 4], 'linear');
  expect([...out.slice(0, 4)]).toEqual([7, 9, 7, 1]);
  expect(out.length).toBe(pixels * 4);
});

test('decibels are taken of values and never of alpha', () => {
  const tile = new Float32Array(pixels * 4);
  tile.set([0.1, 1, 10, 1]);
  const out = arrange(tile, [1, 2, 3], [1, 2, 3], 'decibel');
  expect([...out.slice(0, 4)].map((v) => Math.round(v))).toEqual([-10, 0, 10, 1]);
});

test('a tile of another size is refused', () => {
  expect(() => arrange(new Float32Array(8), [1], [1, 1, 1], 'linear')).toThrow('8 values where');
});

test('the first stretch ignores transparent pixels', () => {
  const tile = new Float32Array(400);
  for (let i = 0; i < 100; i += 1) tile.set(i < 50 ? [i, 2 * i, 5, 1] : [9999, 9999, 9999, 0], i * 4);
  const [r, g, b] = estimateRanges(tile);
  expect(r).toEqual([1, 49]);
  expect(g).toEqual([2, 98]);
  expect(b).toEqual([4.5, 5.5]);
});
