/** Job: facts and statistics of a scene, for the stretch, the histogram and `scene info`. Bands in the order of the files. */
import type { StatisticsJob, StatisticsResult } from '../contract/jobs.ts';
import { openSource } from '../feed/source.ts';
import type { JobContext } from '../jobs/protocol.ts';
import { computeStatistics } from '../raster/statistics.ts';
import { wktOf } from '../raster/wkt.ts';
import { startStage } from './progress.ts';

/** Errors: those of `openSource`; cancelled. */
export async function computeSceneStatistics(
  job: StatisticsJob,
  context: JobContext,
): Promise<StatisticsResult> {
  const reader = await openSource(job.source);
  try {
    const { info } = reader;
    let stage: ReturnType<typeof startStage> | undefined;
    const statistics = await computeStatistics(reader, {
      signal: context.signal,
      onProgress(_, total) {
        stage ??= startStage(context, 'statistics', total, 'windows');
        stage.advance(1);
      },
    });
    return {
      info: {
        scene: job.source.scene,
        file: info.path,
        width: info.width,
        height: info.height,
        bands: info.bands.map((band, i) => {
          const summary = statistics.bands[i];
          // A band without a valid pixel has no figures, not zeros.
          const known = summary && summary.valid > 0 ? summary : null;
          return {
            index: band.index,
            name: band.name ?? `Band ${band.index}`,
            dtype: band.dtype,
            nodata: band.nodata,
            min: known?.min ?? null,
            max: known?.max ?? null,
            mean: known?.mean ?? null,
            std: known?.std ?? null,
            valid: summary?.valid ?? null,
          };
        }),
        crs: info.crs && (info.crs.epsg ?? wktOf(info.crs) ?? info.crs.name),
        geotransform: info.geotransform,
        exact: statistics.exact,
        warnings: info.warnings,
      },
      statistics,
    };
  } finally {
    await reader.dispose();
  }
}
