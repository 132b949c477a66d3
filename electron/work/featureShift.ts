/** How much of a scene looks unlike all that a model was taught: the warning where no label can tell how much it errs. */
import type { Novelty } from './novelty.ts';

/** Every so many pixels of a block are looked at: a prime, so that no pattern of rows or fields is followed. */
const stride = 101;

export interface FeatureShift {
  /** `places` [n, novelty.dim] as the novelty reads them; pixels that are not valid say nothing. */
  look(places: Float32Array, valid: Uint8Array): void;
  /** Share of the pixels that lie farther from everything labelled than 99 in 100 labelled ones do; null without any. */
  share(): number | null;
}

export function createFeatureShift(novelty: Novelty): FeatureShift {
  let [seen, far] = [0, 0];
  return {
    look(places, valid) {
      for (let i = 0; i < valid.length; i += stride) {
        if (!valid[i]) continue;
        seen++;
        if (novelty.distance(places, i * novelty.dim) > novelty.limit) far++;
      }
    },
    share: () => (seen > 0 ? far / seen : null),
  };
}
