/**
 * Per-pixel features of a scene, block by block at native resolution. A block is read with the halo that the encoder
 * and the averaging need, and what a pixel gets depends on its surroundings alone, not on where the blocks were cut:
 * block by block equals the whole image.
 *
 * A linear head commutes with averaging, so a map projects every pixel to its classes first (inside the compiled graph)
 * and averages a handful of logits instead of a hundred features.
 */

import { assert, must } from '../base/assert.ts';
import type { Arrays } from '../compute/step.ts';
import type { EncoderRecord, Normalisation } from '../contract/encoder.ts';
import type { FeatureRecipe } from '../contract/model.ts';
import type { DeviceChoice, Engine } from '../engine/types.ts';
import { applyNormalisation, matchBands } from '../feed/normalise.ts';
import { assertSameUnits } from '../feed/sameUnits.ts';
import type { Window } from '../raster/types.ts';
import { grow } from './blocks.ts';
import {
  columnsOf,
  cropMask,
  interleave,
  meanAndStd,
  rowsOfProjection,
  sideBySide,
  stackScales,
  sumOf,
} from './featureArrays.ts';
import { joinedBands } from './joinedBands.ts';
import { startLocal } from './localFeatures.ts';
import { readPadded, type SceneReader } from './padded.ts';
import { boxMean } from './pooling.ts';

/** Radius of the windows of local statistics: 11 × 11 pixels. */
const statisticsRadius = 5;

/** What turns pixels into features: plain data from an encoder or model file. */
export interface FeatureMaker {
  readonly recipe: FeatureRecipe;
  readonly normalisation: Normalisation;
  /** null unless the recipe is from an encoder. */
  readonly encoder: { readonly record: EncoderRecord; readonly weights: Arrays } | null;
}

/** `logits = Σ_parts mean_part(x · w_part)`: w [features, outputs], row-major, over all scales and then the bands. */
export interface Projection {
  readonly w: Float32Array;
  readonly outputs: number;
}

export interface BlockFeatures {
  /** [height · width, dim]. */
  readonly values: Float32Array;
  /** 1 where the pixel lies in the scene and is valid. */
  readonly valid: Uint8Array;
}

export interface DenseFeatures {
  /** Values per pixel. */
  readonly dim: number;
  /** Pixels read on each side of a block. */
  readonly margin: number;
  readonly device: string;
  readonly deviceReason: string;
  /** Features of a block of the size given at the start; it may reach over the scene's right and lower border. */
  read(block: Window): Promise<BlockFeatures>;
  dispose(): Promise<void>;
}

/** Values per pixel that a maker gives. */
export function featureDim(maker: FeatureMaker): number {
  return pooledDim(maker) + (maker.recipe.bandRadius === undefined ? 0 : maker.normalisation.bands.length);
}

/** Values per pixel before those of joined bands. */
export function pooledDim(maker: FeatureMaker): number {
  return localDim(maker) * (maker.recipe.from === 'statistics' ? 1 : maker.recipe.radii.length);
}

function localDim({ recipe, normalisation, encoder }: FeatureMaker): number {
  const bands = normalisation.bands.length;
  if (recipe.from === 'statistics') return 2 * bands;
  return recipe.from === 'bands' ? bands : must(encoder, 'encoder').record.dimension;
}

export interface FeatureOptions {
  readonly reader: SceneReader;
  readonly engine: Engine;
  readonly device: DeviceChoice;
  /** All blocks have this size. */
  readonly block: { readonly width: number; readonly height: number };
  readonly projection?: Projection | undefined;
}

/** Errors: mismatch when the scene's bands or units are not those that the maker learnt; those of the engine. */
export async function openFeatures(maker: FeatureMaker, options: FeatureOptions): Promise<DenseFeatures> {
  const { reader, block, projection } = options;
  const bands = matchBands(maker.normalisation, reader.info);
  await assertSameUnits(maker.normalisation, reader, bands);
  const { recipe } = maker;
  const radius = recipe.from === 'statistics' ? statisticsRadius : Math.max(...recipe.radii);
  const scales = recipe.from === 'statistics' ? 1 : recipe.radii.length;
  const inner = localDim(maker);
  const own = projection && rowsOfProjection(projection, 0, pooledDim(maker));
  const local = own ? stackScales(own, inner, scales) : undefined;
  const joined = joinedBands(maker, projection);
  assert(!projection || recipe.from !== 'statistics', 'statistics do not commute with a projection');

  const describe = await startLocal(maker, options, radius, local);
  const margin = describe.halo + radius;
  assert((joined?.radius ?? 0) <= margin, 'joined bands need more of a margin than the encoder');
  return {
    dim: projection?.outputs ?? featureDim(maker),
    margin,
    device: describe.device,
    deviceReason: describe.deviceReason,
    async read(window) {
      assert(window.width === block.width && window.height === block.height, 'a block of another size');
      const pixels = await readPadded(reader, grow(window, margin), bands);
      const normal = applyNormalisation(maker.normalisation, pixels);
      const { values, dim } = await describe.run(normal);
      // The local description has lost the encoder's halo; the mask must lose it too.
      const real = cropMask(pixels.real, pixels.width, pixels.height, describe.halo);
      const grid = { width: window.width + 2 * radius, height: window.height + 2 * radius };
      const valid = cropMask(real, grid.width, grid.height, radius);
      if (recipe.from === 'statistics') {
        return { values: meanAndStd(boxMean(values, real, grid, dim, radius, radius), dim / 2), valid };
      }
      const means = recipe.radii.map((r, s) =>
        boxMean(
          columnsOf(values, dim, scales, s, projection !== undefined),
          real,
          grid,
          dim / (projection ? scales : 1),
          r,
          radius,
        ),
      );
      const pooled = projection ? sumOf(means) : interleave(means, inner);
      if (!joined) return { values: pooled, valid };
      const others = joined.read(normal, pixels, margin);
      return {
        values: projection
          ? sumOf([pooled, others])
          : sideBySide(pooled, pooledDim(maker), others, joined.dim),
        valid,
      };
    },
    dispose: () => describe.dispose(),
  };
}
