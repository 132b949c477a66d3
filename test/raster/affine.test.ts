import { describe, expect, it } from 'vitest';
import {
  boundsOf,
  invert,
  isRotated,
  pixelArea,
  toMap,
  toPixel,
  windowOfBounds,
  windowTransform,
} from '../../electron/raster/affine.ts';
import type { Geotransform } from '../../electron/raster/types.ts';
import { codeOf } from '../support/codeOf.ts';
import { expectClose } from '../support/expectClose.ts';

const north: Geotransform = [500000, 10, 0, 5000000, 0, -10];
const rotated: Geotransform = [1000, 8, 3, 2000, 2, -9];

describe('affine', () => {
  it('follows the two equations', () => {
    expect(toMap(rotated, 2, 5)).toEqual([1000 + 16 + 15, 2000 + 4 - 45]);
  });

  it.each([[north], [rotated], [[0, 1, 0, 0, 0, 1] as Geotransform]])('%j is undone by its inverse', (gt) => {
    expectClose(toPixel(gt, ...toMap(gt, 12.5, 7.25)), [12.5, 7.25], { rel: 1e-12 });
    expectClose(toMap(invert(gt), ...toMap(gt, 12.5, 7.25)), [12.5, 7.25], { rel: 1e-9 });
  });

  it('moves and scales with a window', () => {
    const gt = windowTransform(north, { col: 10, row: 20, width: 40, height: 60 }, 20, 30);
    expect(gt).toEqual([500100, 20, 0, 4999800, 0, -20]);
    expect(toMap(windowTransform(rotated, { col: 4, row: 6, width: 8, height: 8 }), 0, 0)).toEqual(
      toMap(rotated, 4, 6),
    );
  });

  it('turns bounds into windows and back, cut to the raster', () => {
    const window = { col: 3, row: 4, width: 5, height: 6 };
    const bounds = boundsOf(north, window);
    expect(bounds).toEqual([500030, 4999900, 500080, 4999960]);
    expect(windowOfBounds(north, bounds, 100, 100)).toEqual(window);
    expect(windowOfBounds(north, [499000, 4999955, 500015, 5001000], 100, 100)).toEqual({
      col: 0,
      row: 0,
      width: 2,
      height: 5,
    });
    expect(windowOfBounds(north, [0, 0, 1, 1], 100, 100)).toBeNull();
  });

  it('knows areas and rotation', () => {
    expect(pixelArea(rotated)).toBe(78);
    expect([isRotated(rotated), isRotated(north)]).toEqual([true, false]);
    expect(codeOf(() => toPixel([0, 0, 0, 0, 0, 0], 1, 1))).toBe('bad-input');
  });
});
