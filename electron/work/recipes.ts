/** What a pixel is described by, for each kind of features. One place, so that training and learning curves agree. */
import type { FeatureRecipe } from '../contract/model.ts';

/** A pixel's own bands, nothing of its neighbours: what the same head can do without an encoder. */
export const rawRecipe: FeatureRecipe = { from: 'bands', radii: [0] };
/** Mean and standard deviation in 11 × 11 windows; the radius is that of `features.ts`. */
export const statisticsRecipe: FeatureRecipe = { from: 'statistics', radii: [5] };
/** Means of 11 × 11 features: most fields are wider than that, speckle and mixed pixels are not. */
export const encoderRecipe: FeatureRecipe = { from: 'encoder', radii: [5] };
