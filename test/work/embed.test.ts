/** Groups and axes of a scene whose make-up is known. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import { embedSchema } from '../../electron/contract/embedding.ts';
import { featureFiles } from '../../electron/contract/jobs.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import { openRaster } from '../../electron/raster/open.ts';
import { embedScene } from '../../electron/work/embed.ts';
import { writeRaster } from '../support/writeRaster.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-embed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const [width, height] = [300, 60];
/** Three crops in stripes, of one half, a third and a sixth of the scene. */
const cropAt = (col: number) => (col % 60 < 30 ? 1 : col % 60 < 50 ? 2 : 3);

describe('what an encoder sees', () => {
  it('groups like pixels, the largest group first, and stretches the axes over the bytes', async () => {
    const scene = join(folder, 'scene.tif');
    const prng = prngFrom(9);
    await writeRaster(scene, { width, height, bands: 4 }, (col, _row, band) => {
      const level = [
        [0.9, 0.1, 0.1, 0.5],
        [0.1, 0.9, 0.1, 0.5],
        [0.1, 0.1, 0.9, 0.5],
      ][cropAt(col) - 1]?.[band - 1];
      return (level ?? 0) + 0.03 * prng.normal();
    });
    const result = await embedScene(
      {
        kind: 'embed',
        params: embedSchema.parse({ encoder: 'none', clusters: 3, device: 'cpu' }),
        source: { scene: 's', files: [scene], sensor: null, date: null },
        encoderFile: null,
        fields: [],
        out: folder,
      },
      { id: 'e', folder, signal: new AbortController().signal, progress: () => {}, event: () => {} },
      createEngine(),
    );
    expect(result.axes).toBe(4);
    expect(result.variance.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 3);
    const read = async (name: string) => {
      const raster = await openRaster(join(folder, name));
      const { bands } = await raster.readWindow({ col: 0, row: 0, width, height });
      await raster.dispose();
      return bands;
    };
    const [groups] = await read(featureFiles.clusters);
    const wrong = Array.from(groups ?? []).filter((code, i) => code !== cropAt(i % width)).length;
    expect(wrong / (width * height)).toBeLessThan(0.001);
    expect(result.clusters.map((c) => c.pixels)).toEqual(
      [1, 2, 3].map((code) => Array.from(groups ?? []).filter((own) => own === code).length),
    );
    for (const band of await read(featureFiles.embedding)) {
      const mean = Array.from(band).reduce((a, b) => a + b, 0) / band.length;
      const spread = Math.sqrt(Array.from(band).reduce((sum, v) => sum + (v - mean) ** 2, 0) / band.length);
      expect(Math.abs(mean - 128)).toBeLessThan(3);
      // One standard deviation is a third of 127.
      expect(Math.abs(spread - 127 / 3)).toBeLessThan(3);
    }
  });
});
