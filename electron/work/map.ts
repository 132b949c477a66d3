/**
 * Job: a model over a scene → class map and confidence. The scene streams through block by block, so memory does not
 * depend on its size, and the files appear under their names only when they are whole.
 */
import { systemClock } from '../base/clock.ts';
import type { MapJob } from '../contract/jobs.ts';
import type { ClassDef } from '../contract/labels.ts';
import type { ModelRecord } from '../contract/model.ts';
import type { MapResult } from '../contract/run.ts';
import type { DeviceChoice, Engine } from '../engine/types.ts';
import { openPhysical } from '../feed/units.ts';
import type { JobContext } from '../jobs/protocol.ts';
import type { RasterReader, Window } from '../raster/types.ts';
import { intersect, planBlocks } from './blocks.ts';
import { classify } from './classify.ts';
import { type DenseFeatures, openFeatures } from './features.ts';
import { type FieldIndex, indexFields } from './fieldPixels.ts';
import type { Head } from './heads/head.ts';
import { loadHead } from './heads/load.ts';
import { blockSide } from './labelledPixels.ts';
import { openMapFiles } from './mapFiles.ts';
import { makerOf, readModelFile } from './modelFile.ts';
import { hectaresPerPixel } from './pixelArea.ts';
import { startStage } from './progress.ts';
import { peakRssBytes } from './serve.ts';

/** Errors: those of the model file, the scene, the engine and the writer; cancelled (nothing stays behind). */
export async function mapScene(job: MapJob, context: JobContext, engine: Engine): Promise<MapResult> {
  const started = systemClock.tick();
  const model = readModelFile(job.modelFile);
  const head = loadHead(model.record.head, model.record.settings, model.head);
  const reader = await openPhysical(job.source);
  try {
    const { width, height } = reader.info;
    const plan = planBlocks({ col: 0, row: 0, width, height }, blockSide);
    const features = await openFeatures(makerOf(model), {
      reader,
      engine,
      device: job.params.device as DeviceChoice,
      block: plan,
      projection: head.linear ? { w: head.linear.w, outputs: model.record.classes.length } : undefined,
    });
    context.event('device', { device: features.device, reason: features.deviceReason });
    try {
      const region = job.region ? indexFields([{ polygons: job.region }]) : null;
      const counts = await writeMap(job, model.record, head, { reader, features, region, plan }, context);
      const seconds = (systemClock.tick() - started) / 1000;
      const hectares = hectaresPerPixel(reader.info);
      const mapped = counts.reduce((sum, n, code) => (code > 0 ? sum + n : sum), 0);
      return {
        map: job.map,
        out: job.out,
        confidence: job.confidence,
        width,
        height,
        seconds,
        pixelsPerSecond: mapped / seconds,
        peakRssBytes: peakRssBytes(),
        classes: classesOfMap(job, model.record).map(({ code, name }) => {
          const pixels = counts[code] ?? 0;
          return { code, name, pixels, area: hectares === null ? null : pixels * hectares };
        }),
      };
    } finally {
      await features.dispose();
    }
  } finally {
    await reader.dispose();
  }
}

/** The model's classes, by the names and colours that the project gives them now. */
function classesOfMap(job: MapJob, record: ModelRecord): ClassDef[] {
  return record.classes.map((own) => job.classes.find((c) => c.code === own.code) ?? own);
}

interface Parts {
  readonly reader: RasterReader;
  readonly features: DenseFeatures;
  readonly region: FieldIndex | null;
  readonly plan: ReturnType<typeof planBlocks>;
}

/** Pixels of each code. */
async function writeMap(
  job: MapJob,
  record: ModelRecord,
  head: Head,
  { reader, features, region, plan }: Parts,
  context: JobContext,
): Promise<Float64Array> {
  const { width, height } = reader.info;
  const whole: Window = { col: 0, row: 0, width, height };
  const wanted = new Set(plan.blocks.filter((block) => !region || region.touches(intersect(block, whole))));
  const pixels = [...wanted].reduce((sum, block) => sum + areaOf(intersect(block, whole)), 0);
  const stage = startStage(context, 'map', pixels, 'pixels');
  const counts = new Float64Array(256);
  const files = await openMapFiles(job, record, classesOfMap(job, record), reader.info);
  try {
    for (const block of plan.blocks) {
      const window = intersect(block, whole);
      const size = window.width * window.height;
      let codes = new Uint8Array(size);
      let confidence = new Uint8Array(size);
      if (wanted.has(block)) {
        const { values, valid } = await features.read(block);
        if (region) mask(valid, block, window, region.burn(window));
        const found = classify(head, values, valid, record.classes, record.temperature);
        codes = cut(found.codes, block.width, window);
        confidence = cut(found.confidence, block.width, window);
        stage.advance(size);
      }
      for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
      await files.classes.writeWindow(window, [codes]);
      await files.confidence?.writeWindow(window, [confidence]);
    }
    await files.finish();
    return counts;
  } catch (error) {
    await files.abort();
    throw error;
  }
}

const areaOf = ({ width, height }: Window) => width * height;

/** Takes what lies outside the region out of a block's mask. */
function mask(valid: Uint8Array, block: Window, window: Window, ids: Int32Array): void {
  for (let y = 0; y < window.height; y++) {
    for (let x = 0; x < window.width; x++) {
      if (ids[y * window.width + x] === 0) valid[y * block.width + x] = 0;
    }
  }
}

/** The part of a block that lies in the scene. */
function cut(values: Uint8Array<ArrayBuffer>, blockWidth: number, window: Window): Uint8Array<ArrayBuffer> {
  if (blockWidth === window.width) return values.subarray(0, window.width * window.height);
  const out = new Uint8Array(window.width * window.height);
  for (let y = 0; y < window.height; y++) {
    out.set(values.subarray(y * blockWidth, y * blockWidth + window.width), y * window.width);
  }
  return out;
}
