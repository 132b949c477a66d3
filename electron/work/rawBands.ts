import type { FeatureRecipe } from '../contract/model.ts';
import { fitNormalisation } from '../feed/normalise.ts';
import { createPlaces } from '../feed/places.ts';
import { samplePixels } from '../feed/samplePixels.ts';
import type { RasterReader } from '../raster/types.ts';
import type { FeatureMaker } from './features.ts';

/**
 * Features without an encoder: the scene's own bands (or their local statistics), normalised by a sample of the scene.
 * The sample's seed is fixed, since it belongs to the scene and not to the training.
 * Errors: bad-input for a scene without a valid pixel.
 */
export async function rawMaker(
  reader: RasterReader,
  sensor: string | null,
  recipe: FeatureRecipe,
  signal: AbortSignal,
): Promise<FeatureMaker> {
  const { info } = reader;
  const side = Math.min(16, info.width, info.height);
  const places = createPlaces([{ name: info.path, width: info.width, height: info.height, regions: [] }], {
    side,
    seed: 0,
  });
  const sample = await samplePixels([reader], [info.bands.map((band) => band.index)], places, signal);
  return { recipe, normalisation: fitNormalisation(sample, info, { sensor }), encoder: null };
}
