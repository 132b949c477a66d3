/**
 * The bands themselves beside an encoder's features, as means over a small window: what a pixel reflects, next to what
 * its surroundings look like. Where spectra alone tell the crops apart, an encoder need not have kept everything of them.
 */

import { project, rowsOfProjection } from './featureArrays.ts';
import type { FeatureMaker, Projection } from './features.ts';
import { boxMean } from './pooling.ts';

/** Pixels with a mask, as `readPadded` gives them. */
interface Padded {
  readonly width: number;
  readonly height: number;
  readonly real: Uint8Array;
}

export interface JoinedBands {
  /** Values per pixel. */
  readonly dim: number;
  readonly radius: number;
  /** Means of normalised pixels [height, width, bands] for the part within `margin`: [pixels, dim]. */
  read(normal: Float32Array, padded: Padded, margin: number): Float32Array;
}

/** undefined when the recipe joins no bands. A projection is applied first: it commutes with the mean and is narrower. */
export function joinedBands(
  { recipe, normalisation }: FeatureMaker,
  projection: Projection | undefined,
): JoinedBands | undefined {
  const { bandRadius: radius } = recipe;
  if (radius === undefined) return undefined;
  const bands = normalisation.bands.length;
  const all = projection && projection.w.length / projection.outputs;
  const own = projection && all && rowsOfProjection(projection, all - bands, all);
  const dim = own ? own.outputs : bands;
  return {
    dim,
    radius,
    read(normal, { width, height, real }, margin) {
      const values = own ? project(normal, bands, own) : normal;
      return boxMean(values, real, { width, height }, dim, radius, margin);
    },
  };
}
