/** What a pixel is described by, for each kind of features. One place, so that training and learning curves agree. */
import type { PixelField, PixelPolygons } from '../contract/jobs.ts';
import type { FeatureRecipe } from '../contract/model.ts';

/** A pixel's own bands, nothing of its neighbours: what the same head can do without an encoder. */
export const rawRecipe: FeatureRecipe = { from: 'bands', radii: [0] };
/** Mean and standard deviation in 11 × 11 windows; the radius is that of `features.ts`. */
export const statisticsRecipe: FeatureRecipe = { from: 'statistics', radii: [5] };

/** Labels finer than six pixels: what a wider window adds there belongs to other classes. */
const smallest = 0;
const largest = 7;

/**
 * Means of an encoder's features over a window half as wide as a typical labelled field: wide enough to be rid of
 * speckle and mixed pixels, narrow enough for borders to stay. On flevoland-west, 10 labels per class, windows of 7, 11,
 * 15 and 19 pixels gave .938, .951, .954 and .951; several windows side by side gave no more.
 */
export function encoderRecipe(fields: readonly Pick<PixelField, 'polygons'>[]): FeatureRecipe {
  const sides = fields.map(({ polygons }) => Math.sqrt(areaOf(polygons))).sort((a, b) => a - b);
  const typical = sides[Math.floor(sides.length / 2)] ?? 0;
  return { from: 'encoder', radii: [Math.min(largest, Math.max(smallest, Math.round(typical / 4)))] };
}

/** A few pixels' noise is averaged away; half a field would be too. */
const joinedRadius = 2;

/**
 * What a linear head reads: an encoder's features and, beside them, the bands over 5 × 5 pixels, as two opinions
 * (`heads/pool.ts`). Measured in test/bench/README.md; windows of 9 and 15 pixels for the bands gave less.
 */
export function joinedRecipe(fields: readonly Pick<PixelField, 'polygons'>[]): FeatureRecipe {
  const recipe = encoderRecipe(fields);
  return { ...recipe, bandRadius: Math.min(joinedRadius, ...recipe.radii) };
}

/** Pixels inside, by the shoelace formula; holes are taken off. */
function areaOf(polygons: PixelPolygons): number {
  let area = 0;
  for (const rings of polygons) {
    rings.forEach((ring, r) => {
      let twice = 0;
      ring.forEach(([x, y], i) => {
        const [u, v] = ring[(i + 1) % ring.length] ?? [x, y];
        twice += x * v - u * y;
      });
      area += ((r === 0 ? 1 : -1) * Math.abs(twice)) / 2;
    });
  }
  return Math.max(0, area);
}
