/** The files of a map: classes (palette, category names, QGIS style) and confidence, on exactly the scene's grid. */
import { rmSync } from 'node:fs';
import { isoTime } from '../base/clock.ts';
import type { MapJob } from '../contract/jobs.ts';
import type { ClassDef } from '../contract/labels.ts';
import type { ModelRecord } from '../contract/model.ts';
import { paletteOf, writeClassSidecars } from '../raster/style.ts';
import type { RasterInfo } from '../raster/types.ts';
import { createRasterWriter, type RasterWriter } from '../raster/write.ts';

export interface MapFiles {
  readonly classes: RasterWriter;
  readonly confidence: RasterWriter | null;
  /** Puts all files under their names; when one fails, none stays. */
  finish(): Promise<void>;
  /** Removes what was written. */
  abort(): Promise<void>;
}

/** Both are uint8 with nodata 0: class codes, and the probability of the chosen class in percent. */
export async function openMapFiles(
  job: Pick<MapJob, 'out' | 'confidence' | 'map'>,
  record: ModelRecord,
  classes: readonly ClassDef[],
  scene: RasterInfo,
): Promise<MapFiles> {
  const grid = {
    width: scene.width,
    height: scene.height,
    dtype: 'uint8',
    bands: 1,
    nodata: 0,
    crs: scene.crs,
    geotransform: scene.geotransform,
  } as const;
  const metadata = {
    TIFFTAG_SOFTWARE: 'Swath',
    TIFFTAG_DATETIME: isoTime().slice(0, 19).replaceAll('-', ':').replace('T', ' '),
    SWATH_MAP: job.map,
    SWATH_MODEL: record.model,
    SWATH_RUN: record.run,
    SWATH_CLASSES: JSON.stringify(classes.map(({ code, name, color }) => ({ code, name, color }))),
  };
  const classWriter = await createRasterWriter(job.out, {
    ...grid,
    content: 'classes',
    palette: paletteOf(classes),
    bandDescriptions: ['class'],
    metadata,
  });
  let confidence: RasterWriter | null = null;
  try {
    if (job.confidence) {
      confidence = await createRasterWriter(job.confidence, {
        ...grid,
        content: 'continuous',
        bandDescriptions: ['confidence in percent'],
        metadata,
      });
    }
  } catch (error) {
    await classWriter.abort();
    throw error;
  }
  return {
    classes: classWriter,
    confidence,
    async finish() {
      await confidence?.finish();
      try {
        await classWriter.finish();
        writeClassSidecars(job.out, classes, 'class');
      } catch (error) {
        if (job.confidence) rmSync(job.confidence, { force: true });
        throw error;
      }
    },
    async abort() {
      await classWriter.abort();
      await confidence?.abort();
    },
  };
}
