/** A map of a made-up scene by an untrained default encoder, against the same blocks through the bare engine. */
import { join } from 'node:path';
import { systemClock } from '../../base/clock.ts';
import { prngFrom } from '../../base/prng.ts';
import { buildEncoder } from '../../compute/encoders/encoder.ts';
import { encoderFormat } from '../../contract/encoder.ts';
import type { BenchJob } from '../../contract/jobs.ts';
import { mapSchema } from '../../contract/methods.ts';
import { modelFormat } from '../../contract/model.ts';
import type { DeviceChoice, Engine } from '../../engine/types.ts';
import { openSource } from '../../feed/source.ts';
import type { JobContext } from '../../jobs/protocol.ts';
import { planBlocks } from '../blocks.ts';
import { blockSide } from '../labelledPixels.ts';
import { mapSpec } from '../localFeatures.ts';
import { mapScene } from '../map.ts';
import { type ModelFile, writeModelFile } from '../modelFile.ts';
import { rawMaker } from '../rawBands.ts';
import { rawRecipe } from '../recipes.ts';
import { appVersion } from '../versions.ts';
import { type Measured, timed } from './measured.ts';
import { madeUpScene } from './scene.ts';

const [bands, side, classes, radius] = [12, 768, 8, 5];
const tilePixels = 32 * 32;

export async function benchMap(job: BenchJob, context: JobContext, engine: Engine): Promise<Measured> {
  const device = job.device as DeviceChoice;
  const source = await madeUpScene(context.folder, side, bands);
  const encoder = buildEncoder('dense', bands);
  const model = await untrained(source, context.signal);
  const modelFile = join(context.folder, 'model.safetensors');
  writeModelFile(modelFile, model);

  const plan = planBlocks({ col: 0, row: 0, width: side, height: side }, blockSide);
  const margin = 2 * (encoder.halo + radius);
  const [height, width] = [plan.height + margin, plan.width + margin];
  const record = { encoder: 'dense', settings: {} } as const;
  const w = model.head.w?.data ?? new Float32Array(0);
  const projection = { shape: [encoder.dim, classes], data: w.subarray(0, encoder.dim * classes) };
  const running = await engine.startForward(
    mapSpec(encoder, record, height, width, classes),
    { ...encoder.fold(model.encoder), projection },
    { device },
  );
  let blockSeconds = Number.POSITIVE_INFINITY;
  try {
    const x = { shape: [1, height, width, bands], data: new Float32Array(height * width * bands).fill(0.5) };
    for (let i = 0; i < timed.warm + timed.runs; i++) {
      const started = systemClock.tick();
      await running.run({ x });
      const seconds = (systemClock.tick() - started) / 1000;
      if (i >= timed.warm) blockSeconds = Math.min(blockSeconds, seconds);
    }
  } finally {
    await running.dispose();
  }
  const result = await mapScene(
    {
      kind: 'map',
      params: mapSchema.parse({ model: 'bench', device }),
      map: 'bench',
      source,
      modelFile,
      region: null,
      out: join(context.folder, 'map.tif'),
      confidence: join(context.folder, 'confidence.tif'),
      layers: [],
      sieved: null,
      fields: null,
      classes: model.record.classes,
      unfinished: join(context.folder, 'unfinished'),
    },
    context,
    engine,
  );
  const perPixel = encoder.flops(side, side, { dense: true }) / side ** 2;
  return {
    device: running.device,
    tilesPerSecond: result.pixelsPerSecond / tilePixels,
    pixelsPerSecond: result.pixelsPerSecond,
    gflops: (result.pixelsPerSecond * perPixel) / 1e9,
    shareOfEngine: (blockSeconds * plan.blocks.length) / result.seconds,
    compileSeconds: running.compileSeconds,
  };
}

/** A model as training leaves it, with weights drawn by a seed. */
async function untrained(
  source: Awaited<ReturnType<typeof madeUpScene>>,
  signal: AbortSignal,
): Promise<ModelFile> {
  const reader = await openSource(source);
  const prng = prngFrom('bench model');
  try {
    const { normalisation } = await rawMaker(reader, null, rawRecipe, signal);
    const encoder = buildEncoder('dense', bands);
    const { receptiveField, halo, stride, dim } = encoder;
    // The encoder's features, and the bands that a linear head has joined to them.
    const read = dim + bands;
    return {
      record: {
        format: modelFormat,
        model: 'bench',
        run: 'bench',
        head: 'linear',
        settings: {},
        recipe: { from: 'encoder', radii: [radius], bandRadius: 2 },
        normalisation,
        encoder: {
          format: encoderFormat,
          run: 'bench',
          method: 'simsiam',
          encoder: 'dense',
          settings: {},
          normalisation,
          tile: 16,
          ...{ receptiveField, halo, stride, dimension: dim },
          seed: 0,
          steps: 0,
          scenes: [],
          appVersion,
        },
        temperature: 1,
        classes: Array.from({ length: classes }, (_, i) => ({
          code: i + 1,
          name: `Class ${i + 1}`,
          color: '#888888',
          key: null,
        })),
        scene: source.scene,
        seed: 0,
      },
      encoder: encoder.init(prng),
      head: {
        w: {
          shape: [read, classes],
          data: Float32Array.from({ length: read * classes }, () => prng.normal()),
        },
        b: { shape: [classes], data: new Float32Array(classes) },
      },
      novelty: {},
    };
  } finally {
    await reader.dispose();
  }
}
