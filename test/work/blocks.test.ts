import { describe, expect, it } from 'vitest';
import { grow, intersect, isEmpty, planBlocks } from '../../electron/work/blocks.ts';
import { boundsOf, indexFields } from '../../electron/work/fieldPixels.ts';
import { readPadded } from '../../electron/work/padded.ts';
import { arrayRaster } from '../support/arrayRaster.ts';

describe('planBlocks', () => {
  it.each([
    [512, 736, 256],
    [1, 1, 256],
    [257, 10, 256],
    [1000, 999, 100],
  ])('covers %i × %i with equal blocks of at most %i', (width, height, side) => {
    const plan = planBlocks({ col: 5, row: 7, width, height }, side);
    expect(Math.max(plan.width, plan.height)).toBeLessThanOrEqual(side);
    const seen = new Uint8Array(width * height);
    for (const block of plan.blocks) {
      expect([block.width, block.height]).toEqual([plan.width, plan.height]);
      const inside = intersect(block, { col: 5, row: 7, width, height });
      for (let y = inside.row - 7; y < inside.row - 7 + inside.height; y++) {
        for (let x = inside.col - 5; x < inside.col - 5 + inside.width; x++) {
          seen[y * width + x] = (seen[y * width + x] ?? 0) + 1;
        }
      }
    }
    expect(seen.every((n) => n === 1)).toBe(true);
  });
  it('refuses an empty area', () => {
    expect(() => planBlocks({ col: 0, row: 0, width: 0, height: 5 }, 10)).toThrow(/empty/);
  });
});

describe('fields as pixels', () => {
  const triangle = [
    [
      [
        [2, 1],
        [12, 1],
        [2, 11],
      ] as const,
    ],
  ] as const;
  const square = [
    [
      [
        [8, 8],
        [14, 8],
        [14, 14],
        [8, 14],
        [8, 8],
      ] as const,
    ],
  ] as const;
  const index = indexFields([{ polygons: triangle }, { polygons: square }]);
  const whole = { col: 0, row: 0, width: 20, height: 20 };

  it('are the same whatever the window they are burnt in', () => {
    const all = index.burn(whole);
    expect(all.filter((id) => id === 2)).toHaveLength(36);
    for (const window of [
      { col: 3, row: 2, width: 7, height: 9 },
      { col: 9, row: 5, width: 11, height: 6 },
    ]) {
      const part = index.burn(window);
      part.forEach((id, i) => {
        const col = window.col + (i % window.width);
        const row = window.row + Math.floor(i / window.width);
        expect(id).toBe(all[row * 20 + col]);
      });
    }
  });
  it('tell which windows they are near', () => {
    expect(boundsOf(triangle)).toEqual({ col: 2, row: 1, width: 10, height: 10 });
    expect(index.touches({ col: 0, row: 0, width: 3, height: 3 })).toBe(true);
    expect(index.touches({ col: 15, row: 0, width: 5, height: 5 })).toBe(false);
    expect(isEmpty(intersect(whole, { col: 20, row: 0, width: 5, height: 5 }))).toBe(true);
  });
});

describe('readPadded', () => {
  const ramp = Float32Array.from({ length: 12 }, (_, i) => i);
  const reader = arrayRaster({ width: 4, height: 3, bands: [ramp] });

  it('mirrors the scene beyond its border without repeating the edge', async () => {
    const got = await readPadded(reader, grow({ col: 0, row: 0, width: 4, height: 3 }, 2), [1]);
    // numpy.pad(ramp.reshape(3, 4), 2, mode='reflect')
    expect([...(got.bands[0] ?? [])]).toEqual(
      [
        [10, 9, 8, 9, 10, 11, 10, 9],
        [6, 5, 4, 5, 6, 7, 6, 5],
        [2, 1, 0, 1, 2, 3, 2, 1],
        [6, 5, 4, 5, 6, 7, 6, 5],
        [10, 9, 8, 9, 10, 11, 10, 9],
        [6, 5, 4, 5, 6, 7, 6, 5],
        [2, 1, 0, 1, 2, 3, 2, 1],
      ].flat(),
    );
    expect(got.real.reduce((a, b) => a + b, 0)).toBe(12);
    expect(got.real[2 * 8 + 2]).toBe(1);
    expect(got.real[2 * 8 + 1]).toBe(0);
  });
  it('reads a window inside as it is, and refuses one outside', async () => {
    const inside = await readPadded(reader, { col: 1, row: 1, width: 2, height: 2 }, [1]);
    expect([...(inside.bands[0] ?? [])]).toEqual([5, 6, 9, 10]);
    await expect(readPadded(reader, { col: 9, row: 0, width: 2, height: 2 }, [1])).rejects.toThrow(/outside/);
  });
  it('does with a scene of one pixel', async () => {
    const one = arrayRaster({ width: 1, height: 1, bands: [Float32Array.of(7)] });
    const got = await readPadded(one, grow({ col: 0, row: 0, width: 1, height: 1 }, 3), [1]);
    expect([...(got.bands[0] ?? [])]).toEqual(new Array(49).fill(7));
  });
});
