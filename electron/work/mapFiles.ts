/** The files of a map: classes (palette, category names, QGIS style) and layers beside them, on exactly the scene's grid. */
import { rmSync } from 'node:fs';
import { isoTime } from '../base/clock.ts';
import type { MapJob } from '../contract/jobs.ts';
import type { ClassDef } from '../contract/labels.ts';
import type { ModelRecord } from '../contract/model.ts';
import type { MapLayerKind } from '../contract/run.ts';
import { paletteOf, writeClassSidecars } from '../raster/style.ts';
import type { RasterInfo, Window } from '../raster/types.ts';
import { createRasterWriter, type RasterWriter } from '../raster/write.ts';
import type { BlockLayers } from './classify.ts';

export type MapOutputs = Pick<MapJob, 'out' | 'confidence' | 'map' | 'layers' | 'sieved'>;

export interface MapFiles {
  /** Writes what belongs to each file. */
  writeWindow(window: Window, layers: BlockLayers): Promise<void>;
  /** The layer without small patches, whole. */
  writeSieved(codes: Uint8Array): Promise<void>;
  /** Puts all files under their names; when one fails, none stays. */
  finish(): Promise<void>;
  /** Removes what was written. */
  abort(): Promise<void>;
}

interface Layer {
  readonly kind: MapLayerKind;
  readonly file: string;
  readonly writer: RasterWriter;
}

const contents: Readonly<Record<MapLayerKind, { readonly codes: boolean; readonly band: string }>> = {
  class: { codes: true, band: 'class' },
  confidence: { codes: false, band: 'confidence in percent' },
  'runner-up': { codes: true, band: 'second choice' },
  entropy: { codes: false, band: 'entropy in percent of a guess, plus 1' },
  unlike: { codes: false, band: '1 like a labelled pixel, 2 unlike all' },
  sieved: { codes: true, band: 'class without small patches' },
};

/** All are uint8 with nodata 0, on the scene's grid. */
export async function openMapFiles(
  job: MapOutputs,
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
  const open: Layer[] = [];
  const abort = async () => {
    for (const { writer } of open) await writer.abort();
  };
  try {
    for (const { kind, file } of filesOf(job)) {
      const { codes, band } = contents[kind];
      const writer = await createRasterWriter(file, {
        ...grid,
        // A flag is no quantity: averaged, 1 and 2 would make what is neither.
        content: codes || kind === 'unlike' ? 'classes' : 'continuous',
        ...(codes ? { palette: paletteOf(classes) } : {}),
        bandDescriptions: [band],
        metadata,
      });
      open.push({ kind, file, writer });
    }
  } catch (error) {
    await abort();
    throw error;
  }
  return {
    async writeWindow(window, layers) {
      for (const { kind, writer } of open)
        if (kind !== 'sieved') await writer.writeWindow(window, [layers[kind]]);
    },
    async writeSieved(codes) {
      await open.find(({ kind }) => kind === 'sieved')?.writer.writeRows([codes], scene.height);
    },
    async finish() {
      const done: string[] = [];
      try {
        // The classes last: where they lie, the rest lies too.
        for (const { kind, file, writer } of [...open].reverse()) {
          await writer.finish();
          done.push(file);
          if (contents[kind].codes) writeClassSidecars(file, classes, contents[kind].band);
        }
      } catch (error) {
        for (const file of done) rmSync(file, { force: true });
        throw error;
      }
    },
    abort,
  };
}

/** Classes first. */
function filesOf({ out, confidence, layers, sieved }: MapOutputs): { kind: MapLayerKind; file: string }[] {
  return [
    { kind: 'class', file: out },
    ...(confidence === null ? [] : [{ kind: 'confidence' as const, file: confidence }]),
    ...layers,
    ...(sieved ? [{ kind: 'sieved' as const, file: sieved.file }] : []),
  ];
}
