/**
 * Job: a model over a scene → class map, confidence and the layers asked for. The scene streams through block by block, so memory does not
 * depend on its size, and the files appear under their names only when they are whole. Finished blocks are kept until
 * then: a run that was killed or cancelled is gone on with when the same map is asked for again.
 */
import { systemClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { MapJob } from '../contract/jobs.ts';
import type { ClassDef } from '../contract/labels.ts';
import type { ModelRecord } from '../contract/model.ts';
import type { MapResult } from '../contract/run.ts';
import type { DeviceChoice, Engine } from '../engine/types.ts';
import { openPhysical } from '../feed/units.ts';
import type { JobContext } from '../jobs/protocol.ts';
import type { RasterReader, Window } from '../raster/types.ts';
import { type BlockReader, createBlockReader } from './blockReader.ts';
import { intersect, planBlocks } from './blocks.ts';
import { type BlockLayers, classify } from './classify.ts';
import { createFeatureShift, type FeatureShift } from './featureShift.ts';
import { type DenseFeatures, openFeatures } from './features.ts';
import { type FieldIndex, indexFields } from './fieldPixels.ts';
import { createFieldTally, type FieldTally } from './fieldTally.ts';
import { openFinishedBlocks } from './finishedBlocks.ts';
import { loadHead } from './heads/load.ts';
import { blockSide } from './labelledPixels.ts';
import { openMapFiles } from './mapFiles.ts';
import { type ModelFile, makerOf, readModelFile } from './modelFile.ts';
import { loadNovelty, type Novelty } from './novelty.ts';
import { hectaresPerPixel } from './pixelArea.ts';
import { startStage, throwIfCancelled } from './progress.ts';
import { peakRssBytes } from './serve.ts';
import { sieve } from './sieve.ts';

/** Pixels whose patches are told apart in memory: about 14 bytes each. */
const sievedAtOnce = 2 ** 26;

/** Errors: those of the model file, the scene, the engine and the writer; cancelled (nothing stays behind). */
export async function mapScene(job: MapJob, context: JobContext, engine: Engine): Promise<MapResult> {
  const started = systemClock.tick();
  const model = readModelFile(job.modelFile);
  const head = loadHead(model.record.head, model.record.settings, model.head);
  const elsewhere = model.record.scene !== job.source.scene;
  const novelty = noveltyOf(job, model, elsewhere);
  const asking = createBlockReader(head, novelty, model.record.classes.length);
  const reader = await openPhysical(job.source);
  try {
    const { width, height } = reader.info;
    assertSievable(job, width * height);
    const plan = planBlocks({ col: 0, row: 0, width, height }, blockSide);
    const features = await openFeatures(makerOf(model), {
      reader,
      engine,
      device: job.params.device as DeviceChoice,
      block: plan,
      projection: asking.projection,
    });
    context.event('device', { device: features.device, reason: features.deviceReason });
    try {
      const region = job.region ? indexFields([{ polygons: job.region }]) : null;
      const tally = job.fields ? createFieldTally(job.fields.shapes) : null;
      const shift = novelty && elsewhere ? createFeatureShift(novelty) : null;
      const parts = { reader, features, region, plan, asking, novelty, tally, shift };
      const { counts, resumed, resumedMapped } = await writeMap(job, model.record, parts, context);
      const seconds = (systemClock.tick() - started) / 1000;
      const hectares = hectaresPerPixel(reader.info);
      const mapped = counts.reduce((sum, n, code) => (code > 0 ? sum + n : sum), 0);
      return {
        map: job.map,
        out: job.out,
        confidence: job.confidence,
        layers: [...job.layers, ...(job.sieved ? [{ kind: 'sieved' as const, file: job.sieved.file }] : [])],
        fields: tally?.list() ?? null,
        fieldsFile: job.fields?.file ?? null,
        width,
        height,
        seconds,
        pixelsPerSecond: (mapped - resumedMapped) / seconds,
        resumedPixels: resumed,
        unlikeShare: shift?.share() ?? null,
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
  readonly asking: BlockReader;
  readonly novelty: Novelty | null;
  readonly shift: FeatureShift | null;
  readonly tally: FieldTally | null;
}

interface Written {
  /** Pixels of each code. */
  readonly counts: Float64Array;
  /** Pixels that an earlier run had finished, and those of them with a class. */
  readonly resumed: number;
  readonly resumedMapped: number;
}

async function writeMap(
  job: MapJob,
  record: ModelRecord,
  { reader, features, region, plan, asking, novelty, tally, shift }: Parts,
  context: JobContext,
): Promise<Written> {
  const { width, height } = reader.info;
  const whole: Window = { col: 0, row: 0, width, height };
  const wanted = new Set(plan.blocks.filter((block) => !region || region.touches(intersect(block, whole))));
  const sizeOf = (blocks: Iterable<Window>) =>
    [...blocks].reduce((sum, block) => sum + areaOf(intersect(block, whole)), 0);
  const finished = await openFinishedBlocks(job, plan);
  const before = sizeOf(plan.blocks.filter((block, i) => wanted.has(block) && finished.has(i)));
  const stage = startStage(context, 'map', sizeOf(wanted), 'pixels', systemClock, before);
  let [resumed, resumedMapped] = [0, 0];
  const counts = new Float64Array(256);
  const extras = new Set(job.layers.map(({ kind }) => kind));
  const all = job.sieved ? new Uint8Array(width * height) : null;
  const files = await openMapFiles(job, record, classesOfMap(job, record), reader.info);
  try {
    for (const [i, block] of plan.blocks.entries()) {
      const window = intersect(block, whole);
      let layers = nothingSaid(areaOf(window));
      const known = wanted.has(block) && finished.has(i) ? finished.take(i, areaOf(window)) : null;
      if (known) {
        throwIfCancelled(context.signal);
        layers = known;
        tally?.add(window, layers.class);
        resumed += areaOf(window);
        resumedMapped += layers.class.reduce((sum, code) => (code > 0 ? sum + 1 : sum), 0);
      } else if (wanted.has(block)) {
        const { values, valid } = await features.read(block);
        if (region) mask(valid, block, window, region.burn(window));
        const { p, places } = asking.read(values);
        if (places) shift?.look(places, valid);
        const found = classify(p, places, valid, record, extras.has('unlike') ? novelty : null, extras);
        layers = mapLayers(found, (values) => cut(values, block.width, window));
        tally?.add(window, layers.class);
        finished.keep(i, layers);
        stage.advance(areaOf(window));
      }
      for (const code of layers.class) counts[code] = (counts[code] ?? 0) + 1;
      if (all) paste(layers.class, window, all, width);
      await files.writeWindow(window, layers);
    }
    if (all && job.sieved) await files.writeSieved(sieve(all, width, height, job.sieved.least));
    await files.finish();
    finished.discard();
    return { counts, resumed, resumedMapped };
  } catch (error) {
    await files.abort();
    throw error;
  }
}

/** Errors: unsupported when the layer `unlike` is wanted and the model does not know what is usual. */
function noveltyOf(job: MapJob, model: ModelFile, elsewhere: boolean): Novelty | null {
  const asked = job.layers.some(({ kind }) => kind === 'unlike');
  if (!asked && !elsewhere) return null;
  if (model.novelty && Object.keys(model.novelty).length > 0) return loadNovelty(model.novelty);
  if (!asked) return null;
  throw new AppError('unsupported', `Model ${model.record.model} cannot say what is unlike its labels`, {
    subject: model.record.model,
    remedy: 'Train again with two or more fields of a class, or map without the layer.',
  });
}

function assertSievable({ sieved, source }: MapJob, pixels: number): void {
  if (!sieved || pixels <= sievedAtOnce) return;
  throw new AppError('unsupported', `A map of ${pixels} pixels is too large to be sieved in memory`, {
    subject: source.scene,
    remedy: `Map without --sieve (up to ${sievedAtOnce} pixels can be), and sieve the file with gdal_sieve.`,
  });
}

function mapLayers(
  layers: BlockLayers,
  change: (values: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
) {
  return {
    class: change(layers.class),
    confidence: change(layers.confidence),
    'runner-up': change(layers['runner-up']),
    entropy: change(layers.entropy),
    unlike: change(layers.unlike),
  };
}

function nothingSaid(size: number): BlockLayers {
  const zeros = new Uint8Array(size);
  return { class: zeros, confidence: zeros, 'runner-up': zeros, entropy: zeros, unlike: zeros };
}

function paste(
  codes: Uint8Array,
  { col, row, width, height }: Window,
  all: Uint8Array,
  allWidth: number,
): void {
  for (let y = 0; y < height; y++)
    all.set(codes.subarray(y * width, (y + 1) * width), (row + y) * allWidth + col);
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
