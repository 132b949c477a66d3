/** Job: a map against a reference → confusion, accuracies, areas, report. The map is read block by block. */
import { isoTime } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { AssessJob } from '../contract/jobs.ts';
import type { AssessResult } from '../contract/run.ts';
import { writeFileAtomic } from '../disk/atomicWrite.ts';
import type { JobContext } from '../jobs/protocol.ts';
import { openRaster } from '../raster/open.ts';
import type { RasterReader } from '../raster/types.ts';
import { CellPlaces } from './accuracy/cellPlaces.ts';
import { PairCounter } from './accuracy/confusion.ts';
import { summarise } from './accuracy/summarise.ts';
import { intersect, planBlocks } from './blocks.ts';
import { mapThumbnail } from './mapThumbnail.ts';
import { hectaresPerPixel } from './pixelArea.ts';
import { startStage } from './progress.ts';
import { openReference, type ReferencePixels } from './referencePixels.ts';
import { renderReport } from './report.ts';

const blockSide = 1024;

export interface MapCounts {
  readonly pairs: PairCounter;
  /** Pixels of each code in the whole map; index 0 = unclassified. */
  readonly mapped: Float64Array;
  /** Labelled reference pixels where the map says nothing. */
  readonly unmapped: number;
  readonly places: CellPlaces;
}

/**
 * Counts pairs over the whole map. Reference pixels without a label (0, nodata) say nothing and are left out. Labelled
 * pixels where the map is 0 lie outside the mapped region: they are counted apart and are no errors of the map.
 */
async function countPairs(
  map: RasterReader,
  reference: Pick<ReferencePixels, 'read' | 'burn'>,
  classOf: (field: number) => number,
  context: JobContext,
): Promise<MapCounts> {
  const { width, height } = map.info;
  const whole = { col: 0, row: 0, width, height };
  const stage = startStage(context, 'assess', width * height, 'pixels');
  const pairs = new PairCounter();
  const places = new CellPlaces();
  const mapped = new Float64Array(256);
  let unmapped = 0;
  for (const block of planBlocks(whole, blockSide).blocks) {
    const window = intersect(block, whole);
    const { bands, valid } = await map.readWindow(window, [1]);
    const fields = reference.burn?.(window);
    const labels = fields ? Uint8Array.from(fields, classOf) : await reference.read(window);
    const codes = bands[0] ?? [];
    for (let i = 0; i < labels.length; i++) {
      const code = valid[i] ? (codes[i] ?? 0) : 0;
      mapped[code] = (mapped[code] ?? 0) + 1;
      const label = labels[i] ?? 0;
      if (label === 0) continue;
      if (code === 0) unmapped++;
      else {
        pairs.add(code, label);
        if (fields) places.add(code, label, fields[i] ?? 0, window, i);
      }
    }
    stage.advance(window.width * window.height);
  }
  return { pairs, mapped, unmapped, places };
}

function assertClassMap(map: RasterReader): void {
  const { bands, path } = map.info;
  if (bands.length === 1 && bands[0]?.dtype === 'uint8') return;
  throw new AppError(
    'bad-input',
    `A class map has one band of uint8; this file has ${bands.length} of ${bands[0]?.dtype ?? 'nothing'}`,
    {
      subject: path,
      remedy: 'Give a map that `swath map` wrote, or a classified GeoTIFF with codes 0 to 255.',
    },
  );
}

/**
 * Errors: bad-input when the map is no class map or nothing can be compared; mismatch when the reference does not lie
 * on it; cancelled.
 */
export async function assessMap(job: AssessJob, context: JobContext): Promise<AssessResult> {
  const map = await openRaster(job.mapFile);
  try {
    assertClassMap(map);
    const reference = await openReference(job.reference, map.info, job.classes);
    const fields = job.reference.from === 'fields' ? job.reference.fields : [];
    const classOf = (field: number) => fields[field - 1]?.classCode ?? 0;
    const counts = await countPairs(map, reference, classOf, context).finally(() => reference.dispose());
    const summary = summarise(counts, job, hectaresPerPixel(map.info));
    const places = counts.places.list((field) => fields[field - 1]?.id ?? '');
    const { taughtOn } = job;
    const result: AssessResult = {
      ...summary.result,
      transfer: taughtOn && { scene: taughtOn.scene, home: taughtOn.oa, here: summary.result.oa },
    };
    const report = renderReport({
      title: 'Accuracy of a crop map',
      result,
      classes: job.classes,
      intervals: summary.intervals,
      thumbnail: await mapThumbnail(map, job.classes),
      notes: summary.notes,
      calibration: job.calibration,
      facts: { Map: job.mapFile, ...job.facts, Written: isoTime() },
    });
    writeFileAtomic(job.reportFile, report);
    return { ...result, ...(places.length > 0 ? { places } : {}) };
  } finally {
    await map.dispose();
  }
}
