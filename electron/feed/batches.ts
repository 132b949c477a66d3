/**
 * Batches of two views for a step, by its number: nothing else is needed to resume. Buffers are reused: a batch is good
 * until the one after the next is asked for.
 */
import { must } from '../base/assert.ts';
import { AppError } from '../base/errors.ts';
import { prngFrom } from '../base/prng.ts';
import type { Augmenter } from './augment/augmenter.ts';
import type { Place, Places } from './places.ts';
import type { Tiles } from './tiles.ts';

export interface Batch {
  /** [batch, tile, tile, bands], as is view2. */
  readonly view1: Float32Array;
  readonly view2: Float32Array;
}

export interface BatchOptions {
  readonly batch: number;
  readonly tile: number;
  readonly bands: number;
  readonly seed: number;
  /** Largest share of invalid pixels in a tile. */
  readonly maxNodata: number;
  /** Per scene: other scenes of the same ground, for the second view; empty for the same date. */
  readonly partners: readonly (readonly number[])[];
}

export interface Batches {
  /** The batch of a step. Errors: bad-input when hardly a place is free of nodata; those of reading. */
  prepare(step: number): Promise<Batch>;
}

/** Draws that may fall on nodata before a run gives up: even 19 of 20 places may be empty. */
const maxAttempts = 200;

export function createBatches(
  places: Places,
  tiles: Tiles,
  augmenter: Augmenter,
  options: BatchOptions,
): Batches {
  const { batch, tile, bands, seed } = options;
  const viewLength = tile * tile * bands;
  const pair = (): Batch => ({
    view1: new Float32Array(batch * viewLength),
    view2: new Float32Array(batch * viewLength),
  });
  const buffers = [pair(), pair()] as const;
  const side = places.side;
  const first = new Float32Array(side * side * bands);
  const second = new Float32Array(side * side * bands);

  const readPlace = async (n: number): Promise<Place> => {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const place = places.at(n, attempt);
      if ((await tiles.read(place, side, first)) >= 1 - options.maxNodata) return place;
    }
    throw new AppError('bad-input', 'Hardly a tile in the chosen regions is free of nodata', {
      remedy:
        'Draw the regions where the scene has data, choose a smaller tile, or allow more with --set nodata=0.5.',
    });
  };

  /** The patch of the second view: the same ground at another date where there is one, else the first patch. */
  const readPartner = async (n: number, place: Place): Promise<Float32Array> => {
    const partners = options.partners[place.scene] ?? [];
    if (partners.length === 0) return first;
    const scene = must(partners[prngFrom(seed, 'season', n).integer(partners.length)], 'partner');
    const valid = await tiles.read({ ...place, scene }, side, second);
    return valid >= 1 - options.maxNodata ? second : first;
  };

  const fill = async (step: number, buffer: Batch): Promise<Batch> => {
    for (let i = 0; i < batch; i++) {
      const n = step * batch + i;
      const place = await readPlace(n);
      const other = await readPartner(n, place);
      const prng = prngFrom(seed, 'views', n);
      const view = { start: i * viewLength, side: tile, bands };
      augmenter.fill({ ...view, pixels: buffer.view1 }, { pixels: first, side }, prng);
      augmenter.fill({ ...view, pixels: buffer.view2 }, { pixels: other, side }, prng);
    }
    return buffer;
  };
  // The patch buffers are shared, so preparations queue up instead of interleaving.
  let last: Promise<unknown> = Promise.resolve();
  return {
    prepare(step) {
      const next = last.then(() => fill(step, buffers[step % 2 === 0 ? 0 : 1]));
      last = next.catch(() => {});
      return next;
    },
  };
}
