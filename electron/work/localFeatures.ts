/**
 * From normalised pixels to a vector per pixel, before any averaging: the bands themselves, or an encoder run densely.
 */

import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { must } from '../base/assert.ts';
import { layersOf } from '../compute/encoders/architectures.ts';
import { buildEncoder, type Encoder } from '../compute/encoders/encoder.ts';
import { runLayers } from '../compute/encoders/forward.ts';
import { inferencePass } from '../compute/layers/pass.ts';
import type { ForwardSpec } from '../compute/step.ts';
import type { EncoderRecord } from '../contract/encoder.ts';
import type { RunningForward } from '../engine/types.ts';
import { project, withSquares } from './featureArrays.ts';
import type { FeatureMaker, FeatureOptions } from './features.ts';

export interface LocalDescription {
  /** Pixels that it takes off each side. */
  readonly halo: number;
  readonly device: string;
  readonly deviceReason: string;
  run(normal: Float32Array): Promise<{ values: Float32Array; dim: number }>;
  dispose(): Promise<void>;
}

/** From normalised pixels to a vector per pixel, before averaging; `local` [inner, outputs] is applied when given. */
export async function startLocal(
  maker: FeatureMaker,
  { engine, device, block }: Pick<FeatureOptions, 'engine' | 'device' | 'block'>,
  radius: number,
  local: { readonly w: Float32Array; readonly outputs: number } | undefined,
): Promise<LocalDescription> {
  const bands = maker.normalisation.bands.length;
  if (!maker.encoder) {
    const squares = maker.recipe.from === 'statistics';
    return {
      halo: 0,
      device: 'cpu',
      deviceReason: 'No encoder: bands are used as they are.',
      async run(normal) {
        if (squares) return { values: withSquares(normal, bands), dim: 2 * bands };
        return local
          ? { values: project(normal, bands, local), dim: local.outputs }
          : { values: normal, dim: bands };
      },
      dispose: async () => {},
    };
  }
  const { record, weights } = maker.encoder;
  const encoder = buildEncoder(record.encoder, bands, record.settings);
  const height = block.height + 2 * (radius + encoder.halo);
  const width = block.width + 2 * (radius + encoder.halo);
  const folded = encoder.fold(weights);
  const running = await engine.startForward(
    mapSpec(encoder, record, height, width, local?.outputs ?? null),
    local ? { ...folded, projection: { shape: [encoder.dim, local.outputs], data: local.w } } : folded,
    { device },
  );
  return encoderDescription(running, encoder, [1, height, width, bands], local?.outputs ?? encoder.dim);
}

function encoderDescription(
  running: RunningForward,
  encoder: Encoder,
  shape: readonly number[],
  dim: number,
): LocalDescription {
  return {
    halo: encoder.halo,
    device: running.device,
    deviceReason: running.deviceReason,
    async run(normal) {
      const { y } = await running.run({ x: { shape, data: normal } });
      return { values: must(y, 'output of the encoder').data, dim };
    },
    dispose: () => running.dispose(),
  };
}

/** The encoder as a dense map over one block, with the head's projection inside the graph when there is one. */
export function mapSpec(
  encoder: Encoder,
  record: Pick<EncoderRecord, 'encoder' | 'settings'>,
  height: number,
  width: number,
  outputs: number | null,
): ForwardSpec {
  const layers = layersOf(record.encoder, record.settings);
  return {
    name: `map/${encoder.id}-${height}x${width}`,
    weights: outputs === null ? encoder.folded : { ...encoder.folded, projection: [encoder.dim, outputs] },
    inputs: { x: [1, height, width, encoder.bands] },
    run(weights, { x }) {
      const map = runLayers(inferencePass(weights, '', 'map'), layers, must(x, 'input') as Tensor4D);
      const rows = tf.reshape(map, [-1, encoder.dim]) as Tensor2D;
      return {
        y: outputs === null ? rows : tf.matMul(rows, must(weights.projection, 'projection') as Tensor2D),
      };
    },
  };
}
