/** Pooled features of tiles from weights that change: the watch looks at the same tiles after every epoch. */
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { must } from '../base/assert.ts';
import type { Encoder } from '../compute/encoders/encoder.ts';
import { inferencePass } from '../compute/layers/pass.ts';
import type { Arrays, ForwardSpec } from '../compute/step.ts';
import type { Engine } from '../engine/types.ts';

/** Tiles, one after the other: [count, tile, tile, bands]. */
export interface TileSet {
  readonly pixels: Float32Array;
  readonly count: number;
}

export interface Embedder {
  /** Pooled features [count, dim]. `weights`: the encoder's parameters and statistics, names without prefix. */
  embed(weights: Arrays, tiles: TileSet): Promise<Float32Array>;
  dispose(): Promise<void>;
}

const batch = 64;

/** Weights are inputs, so that it is compiled once for a whole run. */
export function embedSpec(encoder: Encoder, tile: number): ForwardSpec {
  return {
    name: `embed/${encoder.id}`,
    weights: {},
    inputs: { ...encoder.folded, x: [batch, tile, tile, encoder.bands] },
    run: (_, { x, ...weights }) => ({
      h: encoder.forward(inferencePass(weights, '', 'tile'), must(x, 'tiles') as Tensor4D).pooled,
    }),
  };
}

/**
 * The encoder as it serves later: by its running statistics. It runs on the CPU: a look takes a second and
 * leaves the device to the training.
 */
export async function startEmbedder(engine: Engine, encoder: Encoder, tile: number): Promise<Embedder> {
  const size = tile * tile * encoder.bands;
  const shape = [batch, tile, tile, encoder.bands];
  const forward = await engine.startForward(embedSpec(encoder, tile), {}, { device: 'cpu' });
  return {
    async embed(weights, { pixels, count }) {
      const folded = encoder.fold(weights);
      const out = new Float32Array(count * encoder.dim);
      for (let start = 0; start < count; start += batch) {
        const tiles = Math.min(batch, count - start);
        const x = new Float32Array(batch * size);
        x.set(pixels.subarray(start * size, (start + tiles) * size));
        const { h } = await forward.run({ ...folded, x: { shape, data: x } });
        out.set(must(h, 'features').data.subarray(0, tiles * encoder.dim), start * encoder.dim);
      }
      return out;
    },
    dispose: () => forward.dispose(),
  };
}
