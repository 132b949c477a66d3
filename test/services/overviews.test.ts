import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../electron/contract/run.ts';
import { testApp } from '../support/testApp.ts';
import { writeRaster } from '../support/writeRaster.ts';

const [width, height] = [5000, 3600];

describe('overviews of a large scene', () => {
  it('are made once it is looked at, used, and made again when they are gone', async () => {
    const { client, folder, events, ended, bytes } = testApp();
    const file = await writeRaster(
      join(folder, 'large.tif'),
      { width, height, dtype: 'uint8', nodata: 0 },
      (col, row) => (row < 900 ? 0 : 1 + ((col >> 5) % 200)),
    );
    const project = join(folder, 'a.swath');
    await client.call('project.create', { path: project });
    const { scene, run } = await client.call('scenes.add', { files: [file] });
    await ended(run);
    const made = join(project, 'cache', 'overviews');
    const started = () =>
      events.flatMap((event) => (event.type === 'run' && event.run.kind === 'overviews' ? [event.run] : []));
    const overview = async () => {
      const before = started().length;
      const response = await bytes(`/bytes/scenes/${scene.id}/0/0/0?bands=1`);
      const pixels = new Float32Array(await response.arrayBuffer());
      await expect.poll(() => started().length, { timeout: 10_000 }).toBeGreaterThan(before);
      return pixels;
    };
    expect(existsSync(made)).toBe(false);

    const plain = await overview();
    const built = await ended(started()[0] as Run);
    expect(built).toMatchObject({ state: 'done', params: { scene: scene.id } });
    expect(events.some((event) => event.type === 'progress' && /overviews/.test(event.progress.stage))).toBe(
      true,
    );
    expect(readdirSync(made)).toEqual([`${scene.files[0]?.fingerprint}.tif`]);

    // The same picture, now from the reduced versions, and no second run.
    const response = await bytes(`/bytes/scenes/${scene.id}/0/0/0?bands=1`);
    const quick = new Float32Array(await response.arrayBuffer());
    let [off, edge] = [0, 0];
    for (let i = 0; i < plain.length; i += 2) {
      if (plain[i + 1] !== quick[i + 1]) edge++;
      else off = Math.max(off, Math.abs((plain[i] ?? 0) - (quick[i] ?? 99)));
    }
    expect(off).toBeLessThanOrEqual(1.5);
    // One row along the border of the nodata, one column at the end of the raster.
    expect(edge).toBeLessThan(280);
    expect(new Set(started().map(({ id }) => id)).size).toBe(1);

    await client.call('project.close', {});
    rmSync(join(project, 'cache'), { recursive: true });
    await client.call('project.open', { path: project });
    await overview();
    await ended(started().at(-1) as Run);
    expect(readdirSync(made)).toHaveLength(1);
  }, 60_000);
});
