import { join } from 'node:path';
import { prngFrom } from '../../base/prng.ts';
import type { SceneSource } from '../../contract/jobs.ts';
import { createRasterWriter } from '../../raster/write.ts';

/** A scene of `side`² pixels with noise in every band: reading and decoding cost what they cost. */
export async function madeUpScene(folder: string, side: number, bands: number): Promise<SceneSource> {
  const file = join(folder, 'scene.tif');
  const writer = await createRasterWriter(file, {
    width: side,
    height: side,
    dtype: 'uint16',
    bands,
    content: 'continuous',
    overviews: 'none',
    crs: null,
    geotransform: null,
  });
  try {
    const prng = prngFrom('bench scene');
    const rows = 64;
    for (let row = 0; row < side; row += rows) {
      const height = Math.min(rows, side - row);
      const values = Array.from({ length: bands }, () =>
        Uint16Array.from({ length: side * height }, () => 500 + Math.floor(3000 * prng.uniform())),
      );
      await writer.writeRows(values, height);
    }
    await writer.finish();
  } catch (error) {
    await writer.abort();
    throw error;
  }
  return { scene: 'bench', files: [file], sensor: null, date: null };
}
