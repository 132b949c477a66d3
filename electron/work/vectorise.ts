/** Job: a classified raster → its areas as polygons, one JSON document per line, for the main side to put into a file. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { VectoriseJob, VectoriseResult } from '../contract/jobs.ts';
import type { JobContext } from '../jobs/protocol.ts';
import { openRaster } from '../raster/open.ts';
import { readCodes } from '../raster/readCodes.ts';
import { mapPositions } from '../vector/geometry.ts';
import { localPixels, pixelsToMap } from '../vector/geotransform.ts';
import { polygonize } from '../vector/polygonize.ts';
import { hectaresPerPixel } from './pixelArea.ts';
import { breathe, startStage } from './progress.ts';

/** Errors: those of `openRaster` and `readCodes`; cancelled. */
export async function vectorise(job: VectoriseJob, context: JobContext): Promise<VectoriseResult> {
  const reader = await openRaster(job.mapFile);
  try {
    const { width, height, geotransform } = reader.info;
    const stage = startStage(context, 'read', width * height, 'pixels');
    const codes = await readCodes(reader);
    stage.advance(width * height);
    const areas = polygonize(codes, width, height, 0);
    const hectares = hectaresPerPixel(reader.info);
    const toMap = pixelsToMap(geotransform ?? localPixels);
    const writing = startStage(context, 'write', areas.length, 'areas');
    const file = join(context.folder, 'areas.jsonl');
    const fd = openSync(file, 'w');
    try {
      for (const [i, { value, pixels, geometry }] of areas.entries()) {
        if (i % 1000 === 0) await breathe();
        context.signal.throwIfAborted();
        const area = hectares === null ? null : pixels * hectares;
        const line = { code: value, pixels, area, geometry: mapPositions(geometry, toMap) };
        writeSync(fd, `${JSON.stringify(line)}\n`);
        writing.advance(1);
      }
    } finally {
      closeSync(fd);
    }
    return { file, count: areas.length };
  } finally {
    await reader.dispose();
  }
}
