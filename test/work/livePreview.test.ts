/** The standing job itself, in a process of its own, on features whose classes are known. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import type { Tile } from '../../electron/contract/bytes.ts';
import type { LivePreviewTile, PixelField } from '../../electron/contract/jobs.ts';
import { childSpawn } from '../../electron/hosts/spawn.ts';
import { startStanding } from '../../electron/jobs/standing.ts';
import { writeRaster } from '../support/writeRaster.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-live-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const [width, height] = [600, 300];
/** Three crops in thirds of the scene; a strip at the top holds nothing. */
const cropAt = (col: number) => 1 + Math.floor(col / 200);
const bytes = [
  [60, 128, 160],
  [160, 60, 128],
  [128, 190, 60],
];

function box(id: string, classCode: number, col: number, row: number, side: number): PixelField {
  const ring: [number, number][] = [
    [col, row],
    [col + side, row],
    [col + side, row + side],
    [col, row + side],
  ];
  return { id, scene: 's', classCode, role: 'train', polygons: [[ring]] };
}
const tileAt = (factor: number, col = 0): Tile => ({
  col,
  row: 0,
  width: 256 * factor,
  height: 256 * factor,
  flipX: false,
  flipY: false,
  factor,
});

describe('the live preview', () => {
  it('learns anew from each set of labels, and refuses tiles of older ones', async () => {
    const features = join(folder, 'embedding.tif');
    const prng = prngFrom(4);
    await writeRaster(features, { width, height, bands: 3, dtype: 'uint8', nodata: 0 }, (col, row, band) =>
      row < 20 ? 0 : Math.round((bytes[cropAt(col) - 1]?.[band - 1] ?? 0) + 12 * prng.normal()),
    );
    const live = startStanding(childSpawn(), {
      id: 'live',
      folder,
      payload: { kind: 'live-preview', features },
    });
    try {
      const [a, b, c] = [box('a', 1, 40, 60, 20), box('b', 2, 260, 60, 20), box('c', 7, 450, 40, 120)];
      const learn = (revision: string, fields: PixelField[]) => live.ask({ ask: 'fit', revision, fields });
      const tile = (revision: string, place: Tile) =>
        live.ask({ ask: 'tile', revision, tile: place }) as Promise<LivePreviewTile>;

      expect(await learn('one', [a])).toEqual({
        learnt: false,
        classes: [{ code: 1, fields: 1, pixels: 64 }],
      });
      await expect(tile('one', tileAt(1))).rejects.toMatchObject({ code: 'not-found' });

      expect(await learn('two', [a, b])).toMatchObject({ learnt: true });
      const first = await tile('two', tileAt(1));
      const at = (layer: Uint8Array, col: number, row: number) => layer[row * 256 + col];
      expect([at(first.class, 100, 10), at(first.confidence, 100, 10)]).toEqual([0, 0]);
      expect([at(first.class, 100, 100), at(first.class, 230, 100)]).toEqual([1, 2]);
      expect(at(first.confidence, 100, 100)).toBeGreaterThan(80);

      // A third class, in code 7; reduced to a quarter the whole scene fits into one tile.
      expect(await learn('three', [a, b, c])).toMatchObject({ learnt: true });
      await expect(tile('two', tileAt(1))).rejects.toMatchObject({ code: 'not-found' });
      const whole = await tile('three', tileAt(4));
      const right = Array.from({ length: 150 * 70 }, (_, i) => [i % 150, 5 + Math.floor(i / 150)] as const);
      const wrong = right.filter(
        ([col, row]) => at(whole.class, col, row) !== [1, 2, 7][cropAt(4 * col) - 1],
      );
      expect(wrong.length / right.length).toBeLessThan(0.02);
      expect(at(whole.class, 151, 50)).toBe(0);
    } finally {
      await live.dispose();
    }
  });
});
