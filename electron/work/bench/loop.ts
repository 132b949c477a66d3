/** The whole training loop, reading and augmentation included, against the same step fed from memory. */
import { prngFrom } from '../../base/prng.ts';
import { buildEncoder } from '../../compute/encoders/encoder.ts';
import { buildStep } from '../../compute/methods/buildStep.ts';
import type { Arrays } from '../../compute/step.ts';
import type { BenchJob } from '../../contract/jobs.ts';
import { pretrainSchema } from '../../contract/methods.ts';
import { timeStep } from '../../engine/bench.ts';
import type { DeviceChoice, Engine } from '../../engine/types.ts';
import type { JobContext } from '../../jobs/protocol.ts';
import { pretrain } from '../pretrain.ts';
import { type Measured, timed } from './measured.ts';
import { madeUpScene } from './scene.ts';

const [bands, tile, batch, width, steps] = [12, 32, 128, '32', 5];

export async function benchLoop(
  { device }: BenchJob,
  context: JobContext,
  engine: Engine,
): Promise<Measured> {
  const encoder = buildEncoder('resnet18', bands, { width });
  const step = buildStep({ method: 'simsiam', encoder, tile, batch });
  const prng = prngFrom('bench loop');
  const view = () => {
    const shape = [batch, tile, tile, bands];
    const size = batch * tile * tile * bands;
    return { shape, data: Float32Array.from({ length: size }, () => prng.normal()) };
  };
  const inputs: Arrays = { view1: view(), view2: view(), ...step.extraInputs(0, 0) };
  // Two views of each tile.
  const flops = 2 * 3 * batch * encoder.flops(tile, tile);
  const bare = await timeStep(
    engine,
    {
      spec: step.spec,
      state: step.initialState(0),
      batch: inputs,
      hyper: step.hyperAt(0, 1),
      tiles: batch,
      flops,
    },
    { device: device as DeviceChoice },
    timed,
  );
  context.signal.throwIfAborted();
  const params = pretrainSchema.parse({
    method: 'simsiam',
    encoder: 'resnet18',
    tile,
    batch,
    epochs: 1,
    device,
    set: { width, tilesPerEpoch: steps * batch },
  });
  const source = await madeUpScene(context.folder, 512, bands);
  const result = await pretrain(
    {
      kind: 'pretrain',
      params,
      sources: [source],
      regions: [],
      fields: [],
      fromEncoder: null,
      resumeFolder: null,
    },
    context,
    engine,
  );
  return {
    device: result.device,
    tilesPerSecond: result.tilesPerSecond,
    pixelsPerSecond: null,
    gflops: (result.tilesPerSecond / batch) * (flops / 1e9),
    shareOfEngine: result.tilesPerSecond / (batch / bare.meanSeconds),
    compileSeconds: bare.compileSeconds,
  };
}
