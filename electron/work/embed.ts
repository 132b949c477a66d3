/**
 * Job: a scene as its encoder sees it: the principal axes of the features, one band of uint8 each (the first three make a
 * picture), and k-means groups. Axes are linear and commute with averaging, so the second pass reads a handful of values
 * per pixel out of the encoder's graph.
 */
import { join } from 'node:path';
import { systemClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { hashSeed } from '../base/prng.ts';
import { kmeans, nearestCentre } from '../compute/probe/kmeans.ts';
import { principalAxes } from '../compute/probe/principal.ts';
import type { EmbedResult } from '../contract/embedding.ts';
import { type EmbedJob, featureFiles } from '../contract/jobs.ts';
import type { FeatureRecipe } from '../contract/model.ts';
import type { DeviceChoice, Engine } from '../engine/types.ts';
import { openPhysical } from '../feed/units.ts';
import type { JobContext } from '../jobs/protocol.ts';
import type { RasterReader, Window } from '../raster/types.ts';
import { createRasterWriter, type RasterWriter } from '../raster/write.ts';
import { intersect, planBlocks } from './blocks.ts';
import { readEncoderFile } from './encoderFile.ts';
import { type FeatureMaker, featureDim, openFeatures } from './features.ts';
import { columnScale, standardised } from './heads/head.ts';
import { blockSide } from './labelledPixels.ts';
import { places } from './novelty.ts';
import { startStage } from './progress.ts';
import { rawMaker } from './rawBands.ts';
import { encoderRecipe, rawRecipe } from './recipes.ts';
import { peakRssBytes } from './serve.ts';

const [fewAxes, mostAxes] = [8, 32];
/** Bytes that all axes of a scene may take before compression: large scenes keep fewer of them. */
const axisBytes = 2 ** 31;
/** Pixels that axes and groups are found on, from so many blocks spread over the scene. */
const [samplePixels, sampleBlocks] = [6_000, 9];
/** Nothing says how large things are: a window of 5 pixels takes the worst of the noise and keeps small fields. */
const unlabelledRecipe: FeatureRecipe = { from: 'encoder', radii: [2] };
/** Standard deviations on either side of the mean that a byte spans. */
const span = 3;

/**
 * From features to places along the axes: features · w + b. Groups are found among places as they are; only the bytes of
 * the file are stretched axis by axis, since the last axes hold mostly noise.
 */
interface View {
  readonly axes: number;
  readonly w: Float32Array;
  readonly b: Float32Array;
  readonly deviation: readonly number[];
  /** [clusters, axes] */
  readonly centres: Float32Array;
}

/** Errors: bad-input for a scene without enough valid pixels; those of the encoder file and the engine; cancelled. */
export async function embedScene(job: EmbedJob, context: JobContext, engine: Engine): Promise<EmbedResult> {
  const started = systemClock.tick();
  const reader = await openPhysical(job.source);
  try {
    const maker = await makerFor(job, reader, context);
    const view = await findView(job, maker, reader, context, engine);
    const pixels = await writeView(job, maker, view, reader, context, engine);
    return {
      run: context.id,
      encoder: job.params.encoder,
      scene: job.source.scene,
      width: reader.info.width,
      height: reader.info.height,
      axes: view.axes,
      // Standardised features have variance 1 each.
      variance: view.deviation.map((v) => v ** 2 / featureDim(maker)),
      clusters: pixels.map((count, c) => ({ code: c + 1, pixels: count })),
      seconds: (systemClock.tick() - started) / 1000,
      peakRssBytes: peakRssBytes(),
    };
  } finally {
    await reader.dispose();
  }
}

async function makerFor(job: EmbedJob, reader: RasterReader, context: JobContext): Promise<FeatureMaker> {
  if (job.encoderFile === null) return rawMaker(reader, job.source.sensor, rawRecipe, context.signal);
  const { record, weights } = readEncoderFile(job.encoderFile);
  return {
    recipe: job.fields.length > 0 ? encoderRecipe(job.fields) : unlabelledRecipe,
    normalisation: record.normalisation,
    encoder: { record, weights },
  };
}

function planOf({ info }: RasterReader) {
  const whole: Window = { col: 0, row: 0, width: info.width, height: info.height };
  return { whole, plan: planBlocks(whole, blockSide) };
}

async function findView(
  job: EmbedJob,
  maker: FeatureMaker,
  reader: RasterReader,
  context: JobContext,
  engine: Engine,
): Promise<View> {
  const { whole, plan } = planOf(reader);
  const step = Math.max(1, Math.floor(plan.blocks.length / sampleBlocks));
  const blocks = plan.blocks.filter((_, i) => i % step === Math.floor(step / 2) % step);
  const d = featureDim(maker);
  const each = Math.ceil(samplePixels / blocks.length);
  const rows: Float32Array[] = [];
  const stage = startStage(context, 'sample', blocks.length, 'blocks');
  const device = job.params.device as DeviceChoice;
  const features = await openFeatures(maker, { reader, engine, device, block: plan });
  context.event('device', { device: features.device, reason: features.deviceReason });
  try {
    for (const [b, block] of blocks.entries()) {
      const { values, valid } = await features.read(block);
      const window = intersect(block, whole);
      for (let i = 0; i < each; i++) {
        const x = hashSeed(job.params.seed, b, i, 0) % window.width;
        const y = hashSeed(job.params.seed, b, i, 1) % window.height;
        const at = y * block.width + x;
        if (valid[at]) rows.push(values.slice(at * d, (at + 1) * d));
      }
      stage.advance(1);
    }
  } finally {
    await features.dispose();
  }
  if (rows.length < job.params.clusters) {
    throw new AppError('bad-input', `Only ${rows.length} valid pixels were met in the scene`, {
      subject: job.source.scene,
      remedy: 'Check the nodata value of its files.',
    });
  }
  const affordable = Math.floor(axisBytes / (whole.width * whole.height));
  const axes = Math.min(d, Math.max(fewAxes, Math.min(mostAxes, affordable)));
  return viewOf(rows, d, axes, job.params.clusters, job.params.seed);
}

function viewOf(
  rows: readonly Float32Array[],
  d: number,
  axes: number,
  clusters: number,
  seed: number,
): View {
  const n = rows.length;
  const x = new Float32Array(n * d);
  rows.forEach((row, i) => {
    x.set(row, i * d);
  });
  const scale = columnScale(x, n, d);
  const found = principalAxes(standardised(x, d, scale), n, d, axes);
  const w = new Float32Array(d * axes);
  const b = new Float64Array(axes);
  for (let k = 0; k < axes; k++) {
    for (let j = 0; j < d; j++) {
      const v = (found.axes[j * axes + k] ?? 0) / (scale.std[j] ?? 1);
      w[j * axes + k] = v;
      b[k] = (b[k] ?? 0) - v * (scale.mean[j] ?? 0);
    }
  }
  const offset = Float32Array.from(b);
  return {
    axes,
    w,
    b: offset,
    deviation: [...found.variance].map((v) => Math.sqrt(Math.max(1e-12, v))),
    centres: kmeans(places(x, n, d, w, offset), n, axes, clusters, seed),
  };
}

/** Writes both files whole or not at all; answers the pixels of each group. */
async function writeView(
  job: EmbedJob,
  maker: FeatureMaker,
  { axes, w, b, deviation, centres }: View,
  reader: RasterReader,
  context: JobContext,
  engine: Engine,
): Promise<number[]> {
  const { whole, plan } = planOf(reader);
  const { info } = reader;
  const counts = new Array<number>(centres.length / axes).fill(0);
  const stage = startStage(context, 'embed', whole.width * whole.height, 'pixels');
  const features = await openFeatures(maker, {
    reader,
    engine,
    device: job.params.device as DeviceChoice,
    block: plan,
    projection: { w, outputs: axes },
  });
  const open: RasterWriter[] = [];
  try {
    const grid = {
      ...whole,
      dtype: 'uint8',
      nodata: 0,
      crs: info.crs,
      geotransform: info.geotransform,
    } as const;
    const picture = await createRasterWriter(join(job.out, featureFiles.embedding), {
      ...grid,
      bands: axes,
      tile: 256,
      // Read again and again while labels change, and noisy bytes hardly shrink.
      compression: 'none',
      content: 'continuous',
      bandDescriptions: Array.from({ length: axes }, (_, k) => `axis ${k + 1}`),
    });
    open.push(picture);
    const groups = await createRasterWriter(join(job.out, featureFiles.clusters), {
      ...grid,
      bands: 1,
      content: 'classes',
    });
    open.push(groups);
    for (const block of plan.blocks) {
      const window = intersect(block, whole);
      const { values, valid } = await features.read(block);
      const size = window.width * window.height;
      const bands = Array.from({ length: axes }, () => new Uint8Array(size));
      const codes = new Uint8Array(size);
      for (let i = 0; i < size; i++) {
        const at = Math.floor(i / window.width) * block.width + (i % window.width);
        if (!valid[at]) continue;
        for (let k = 0; k < axes; k++) {
          const v = (values[at * axes + k] ?? 0) + (b[k] ?? 0);
          values[at * axes + k] = v;
          const band = bands[k];
          if (band)
            band[i] = Math.min(255, Math.max(1, Math.round(128 + (127 * v) / (span * (deviation[k] ?? 1)))));
        }
        const c = nearestCentre(values, at * axes, centres, axes);
        codes[i] = c + 1;
        counts[c] = (counts[c] ?? 0) + 1;
      }
      await picture.writeWindow(window, bands);
      await groups.writeWindow(window, [codes]);
      stage.advance(size);
    }
    for (const writer of open) await writer.finish();
    return counts;
  } catch (error) {
    for (const writer of open) await writer.abort();
    throw error;
  } finally {
    await features.dispose();
  }
}
