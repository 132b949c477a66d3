/** Job: points at random among the pixels of each class of a map, all from one pass over it. */
import { AppError } from '../base/errors.ts';
import { prngFrom, shuffle } from '../base/prng.ts';
import type { SampleResult } from '../contract/guidance.ts';
import type { SampleJob } from '../contract/jobs.ts';
import type { JobContext } from '../jobs/protocol.ts';
import { toMap } from '../raster/affine.ts';
import { openRaster } from '../raster/open.ts';
import { intersect, planBlocks } from './blocks.ts';
import { startStage } from './progress.ts';

const blockSide = 1024;

/**
 * Algorithm R (Vitter 1985) per class: every pixel of a class has the same chance, without replacement. The points come
 * in random order, so that those looked at first are a sample too.
 * Errors: mismatch when the map holds fewer pixels of a class than the design says; cancelled.
 */
export async function drawSample(job: SampleJob, context: JobContext): Promise<SampleResult> {
  const reader = await openRaster(job.mapFile);
  try {
    const { width, height } = reader.info;
    const whole = { col: 0, row: 0, width, height };
    const drawn = new Map(
      job.design.strata.map(({ code, count }) => [
        code,
        { count, met: 0, kept: [] as number[], prng: prngFrom(job.seed, 'sample', code) },
      ]),
    );
    const stage = startStage(context, 'sample', width * height, 'pixels');
    for (const block of planBlocks(whole, blockSide).blocks) {
      const window = intersect(block, whole);
      const { bands, valid } = await reader.readWindow(window, [1]);
      const codes = bands[0] ?? [];
      for (let i = 0; i < valid.length; i++) {
        const stratum = valid[i] ? drawn.get(codes[i] ?? 0) : undefined;
        if (!stratum) continue;
        const at = (window.row + Math.floor(i / window.width)) * width + window.col + (i % window.width);
        stratum.met++;
        if (stratum.kept.length < stratum.count) stratum.kept.push(at);
        else {
          const place = stratum.prng.integer(stratum.met);
          if (place < stratum.count) stratum.kept[place] = at;
        }
      }
      stage.advance(window.width * window.height);
    }
    for (const { code, name, pixels } of job.design.strata) {
      const met = drawn.get(code)?.met ?? 0;
      if (met === pixels) continue;
      throw new AppError(
        'mismatch',
        `The map has ${met} pixels of ${name}, and had ${pixels} when it was made`,
        {
          subject: job.mapFile,
          remedy: 'The file was changed: make the map again.',
        },
      );
    }
    const points = [...drawn].flatMap(([code, { kept }]) =>
      kept.map((at) => {
        const [x, y] = toMap(job.transform, (at % width) + 0.5, Math.floor(at / width) + 0.5);
        return { x, y, code };
      }),
    );
    return {
      map: job.map,
      seed: job.seed,
      design: job.design,
      points: shuffle(points, prngFrom(job.seed, 'order')),
    };
  } finally {
    await reader.dispose();
  }
}
