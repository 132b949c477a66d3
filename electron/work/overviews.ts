/** Job: reduced versions of rasters that bring none, so that a whole scene is drawn without reading all of it. */
import type { OverviewsJob, OverviewsResult } from '../contract/jobs.ts';
import type { JobContext } from '../jobs/protocol.ts';
import { openRaster } from '../raster/open.ts';
import { buildOverviews } from '../raster/overviews.ts';
import { startStage } from './progress.ts';

/** Errors: those of `openRaster` and `buildOverviews`; cancelled, after which the next run goes on where this one stopped. */
export async function buildSceneOverviews(job: OverviewsJob, context: JobContext): Promise<OverviewsResult> {
  for (const [i, { file, out }] of job.files.entries()) {
    const reader = await openRaster(file);
    try {
      let stage: ReturnType<typeof startStage> | undefined;
      let before = 0;
      await buildOverviews(reader, out, {
        content: reader.info.palette ? 'classes' : 'continuous',
        signal: context.signal,
        onProgress(done, total) {
          stage ??= startStage(context, `overviews ${i + 1}/${job.files.length}`, total, 'parts');
          stage.advance(done - before);
          before = done;
        },
      });
    } finally {
      await reader.dispose();
    }
  }
  return { built: job.files.map(({ out }) => out) };
}
