import { availableIndices, type SpectralIndex } from '../../electron/contract/catalog/indices.ts';
import type { Scene, SceneBand } from '../../electron/contract/scene.ts';
import type { RampId } from './ramps.ts';
import type { Range } from './stretch.ts';

/** An index of a scene on show: which, over what values, in which colours. */
export interface IndexView {
  readonly id: string;
  readonly range: Range;
  readonly ramp: RampId;
}

export interface SceneIndex {
  readonly index: SpectralIndex;
  readonly bands: readonly SceneBand[];
}

/** The indices that a scene's bands allow, each with its bands in the order of the formula. */
export function indicesOf(scene: Pick<Scene, 'bands'>): SceneIndex[] {
  return availableIndices(scene.bands.map((band) => band.role)).map(({ index, bands }) => ({
    index,
    bands: bands.flatMap((at) => scene.bands[at - 1] ?? []),
  }));
}

/** Value of an index from stored numbers in the order of its bands; they are brought to reflectance first. */
export function indexValue({ index, bands }: SceneIndex, stored: readonly number[]): number {
  return index.compute(bands.map(({ scale = 1, offset = 0 }, i) => (stored[i] ?? 0) * scale + offset));
}
