/** Job: one tile and views of it, as the chosen augmentations make them; drawn before a run, to judge them by eye. */
import { join } from 'node:path';
import { assert } from '../base/assert.ts';
import { AppError } from '../base/errors.ts';
import { prngFrom } from '../base/prng.ts';
import { type PreviewJob, runFiles } from '../contract/jobs.ts';
import type { ViewsPreview } from '../contract/viewsPreview.ts';
import { writeFileAtomic } from '../disk/atomicWrite.ts';
import { toStored } from '../feed/denormalise.ts';
import { matchBands } from '../feed/normalise.ts';
import { openScenes } from '../feed/open.ts';
import type { JobContext } from '../jobs/protocol.ts';
import { openData, type PretrainData, planFromData } from './pretrainData.ts';

const views = 8;
const attempts = 50;

/** Errors: usage for a band that is not there; those of reading and of the settings; cancelled. */
export async function previewViews(job: PreviewJob, context: JobContext): Promise<Omit<ViewsPreview, 'id'>> {
  const scenes = await openScenes(job.pretrain.sources, job.pretrain.regions);
  try {
    const { plan, normalisation } = await planFromData(job.pretrain, scenes, context.signal);
    const data = await openData(plan, normalisation, scenes);
    const { augmenter } = data;
    const channels = normalisation.bands.length;
    const reader = scenes.readers[0];
    assert(reader !== undefined, 'no scene');
    const order = matchBands(normalisation, reader.info);
    const columns = job.bands.map((band) => order.indexOf(band));
    if (columns.includes(-1)) {
      throw new AppError('usage', `bands=${job.bands.join(',')} names bands that the scene has not`, {
        subject: 'bands',
        remedy: `Give one to three of 1 to ${channels}.`,
      });
    }
    const { patch, scene, col, row } = await readPatch(data, job.place, channels, plan.nodata);
    const length = plan.tile ** 2;
    const view = { pixels: new Float32Array(length * channels), start: 0, side: plan.tile, bands: channels };
    const stride = columns.length + 1;
    const out = new Float32Array((1 + views) * length * stride);
    const write = (square: number) =>
      toStored(normalisation, view.pixels, columns, out.subarray(square * length * stride));
    const margin = Math.floor((augmenter.patch - plan.tile) / 2);
    for (let y = 0; y < plan.tile; y++) {
      const from = ((y + margin) * augmenter.patch + margin) * channels;
      view.pixels.set(patch.subarray(from, from + plan.tile * channels), y * plan.tile * channels);
    }
    write(0);
    for (let v = 0; v < views; v++) {
      const prng = prngFrom(plan.seed, 'preview', job.place, v);
      augmenter.fill(view, { pixels: patch, side: augmenter.patch }, prng);
      write(1 + v);
    }
    writeFileAtomic(join(context.folder, runFiles.views), new Uint8Array(out.buffer));
    return {
      scene: job.pretrain.sources[scene]?.scene ?? '',
      col: col + margin,
      row: row + margin,
      side: plan.tile,
      views,
      bands: job.bands,
      augmentations: plan.augmentations.map(({ id }) => id),
    };
  } finally {
    await scenes.dispose();
  }
}

/** The square of place n that views are cut from; the last draw when nodata is everywhere. */
async function readPatch({ places, tiles }: PretrainData, n: number, channels: number, nodata: number) {
  const { side } = places;
  const patch = new Float32Array(side * side * channels);
  for (let attempt = 0; ; attempt++) {
    const { scene, col, row, window } = places.at(n, attempt);
    const valid = await tiles.read({ scene, col, row, window }, side, patch);
    if (valid >= 1 - nodata || attempt === attempts) return { patch, scene, col, row };
  }
}
