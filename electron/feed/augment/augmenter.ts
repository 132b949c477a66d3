/**
 * One view of a tile: the chosen augmentations in the order of the catalogue, seeded by the caller's generator.
 * The tables below are keyed by the catalogue's ids, so that a card without code, or code without a card, does not compile.
 */
import { assert } from '../../base/assert.ts';
import type { Prng } from '../../base/prng.ts';
import {
  type Augmentation,
  type AugmentationId,
  augmentationCard,
} from '../../contract/catalog/augmentations.ts';
import type { ParameterValues } from '../../contract/catalog/parameters.ts';
import type { Normalisation } from '../../contract/encoder.ts';
import { bandDropout } from './bandDropout.ts';
import { bandGain } from './bandGain.ts';
import { bandGroupDropout } from './bandGroupDropout.ts';
import { blur } from './blur.ts';
import { contrast } from './contrast.ts';
import { crop } from './crop.ts';
import { flip } from './flip.ts';
import { gain } from './gain.ts';
import { type Geometry, identity, type Patch, sampleView } from './geometry.ts';
import { grey } from './grey.ts';
import { noise, noiseTable } from './noise.ts';
import { offset } from './offset.ts';
import { quarterTurn } from './quarterTurn.ts';
import { rotate } from './rotate.ts';
import { shift } from './shift.ts';
import { solarize } from './solarize.ts';
import { speckle } from './speckle.ts';
import type { View } from './view.ts';

interface Context {
  readonly tile: number;
  readonly record: Normalisation;
  readonly noise: Float32Array;
}
type Of = (parameter: string) => number;
type OnGeometry = (g: Geometry, prng: Prng, of: Of, context: Context) => void;
type OnPixels = (view: View, prng: Prng, of: Of, context: Context) => void;

const onGeometry = {
  shift: (g, prng, of) => shift(g, prng, of('pixels')),
  crop: (g, prng, of, { tile }) => crop(g, prng, tile, of('minimumArea')),
  flip: (g, prng, of) => flip(g, prng, of('probability')),
  quarterTurn: (g, prng) => quarterTurn(g, prng),
  rotate: (g, prng, of) => rotate(g, prng, of('degrees')),
} as const satisfies Partial<Record<AugmentationId, OnGeometry>>;

const onPixels = {
  blur: (view, prng, of) => blur(view, prng, of('sigma')),
  gain: (view, prng, of, { record }) => gain(view, prng, of('strength'), record),
  bandGain: (view, prng, of, { record }) => bandGain(view, prng, of('strength'), record),
  speckle: (view, prng, of, { record }) => speckle(view, prng, of('looks'), record),
  solarize: (view, _prng, of) => solarize(view, of('threshold')),
  contrast: (view, prng, of) => contrast(view, prng, of('sigma')),
  offset: (view, prng, of) => offset(view, prng, of('sigma')),
  noise: (view, prng, of, context) => noise(view, prng, of('sigma'), context.noise),
  bandDropout: (view, prng, of) => bandDropout(view, prng, of('bands')),
  bandGroupDropout: (view, prng, of) => bandGroupDropout(view, prng, of('share')),
  grey: (view) => grey(view),
} as const satisfies Record<Exclude<AugmentationId, keyof typeof onGeometry>, OnPixels>;

const geometryTable: Partial<Record<AugmentationId, OnGeometry>> = onGeometry;
const pixelTable: Partial<Record<AugmentationId, OnPixels>> = onPixels;

export interface Augmenter {
  /** Side of the patch that views are cut from: the tile and what the geometry needs around it. */
  readonly patch: number;
  /** Writes one augmented view of the patch. */
  fill(view: View, patch: Patch, prng: Prng): void;
}

/** Compiles the chosen augmentations for tiles of `tile` pixels. The same generator state gives the same view. */
export function createAugmenter(
  chosen: readonly Augmentation[],
  facts: { tile: number; record: Normalisation; seed: number },
): Augmenter {
  const context = { tile: facts.tile, record: facts.record, noise: noiseTable(facts.seed) };
  const number = (values: ParameterValues): Of => {
    return (parameter) => {
      const value = values[parameter];
      assert(typeof value === 'number', () => `Augmentation parameter ${parameter} is ${value}`);
      return value;
    };
  };
  const ordered = chosen.map(({ id, values }) => ({
    id,
    of: number(values),
    // A flip draws for each of its axes by itself.
    probability: id === 'flip' ? 1 : typeof values.probability === 'number' ? values.probability : 1,
  }));
  const isOn = (p: number, prng: Prng) => p >= 1 || prng.uniform() < p;
  const geometric = ordered.filter(({ id }) => geometryTable[id] !== undefined);
  const stages = ['geometry', 'physical', 'normalised'];
  const radiometric = ordered
    .filter(({ id }) => pixelTable[id] !== undefined)
    .toSorted(
      (a, b) => stages.indexOf(augmentationCard(a.id).stage) - stages.indexOf(augmentationCard(b.id).stage),
    );
  return {
    patch: patchSide(chosen, facts.tile),
    fill(view, patch, prng) {
      const g = identity();
      for (const { id, of, probability } of geometric)
        if (isOn(probability, prng)) geometryTable[id]?.(g, prng, of, context);
      sampleView(patch, g, view);
      for (const { id, of, probability } of radiometric)
        if (isOn(probability, prng)) pixelTable[id]?.(view, prng, of, context);
    },
  };
}

/** A free rotation needs the diagonal of the tile, a shift its way; without either the patch is the tile. */
function patchSide(chosen: readonly Augmentation[], tile: number): number {
  const shiftBy = Number(chosen.find(({ id }) => id === 'shift')?.values.pixels ?? 0);
  const turns = chosen.some(({ id }) => id === 'rotate');
  // An even margin keeps whole pixels whole when the view is centred.
  const margin = turns ? 2 * Math.ceil((tile * (Math.SQRT2 - 1)) / 2) : 0;
  return tile + shiftBy + margin;
}
