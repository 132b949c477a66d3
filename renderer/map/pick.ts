import type VectorSource from 'ol/source/Vector.js';
import type { ArealFeature } from './arealFeatures.ts';

/** The smallest shape at a place. By geometry and not by what is painted: exact, and quick with thousands of shapes. */
export function smallestAt(source: VectorSource<ArealFeature>, at: readonly [number, number]): string | null {
  const found = source.getFeaturesAtCoordinate([...at]) as ArealFeature[];
  const smallest = found.sort(
    (a, b) => (a.getGeometry()?.getArea() ?? 0) - (b.getGeometry()?.getArea() ?? 0),
  )[0];
  return smallest ? String(smallest.getId()) : null;
}

/** Ids of shapes that meet a rectangle. */
export function idsIn(source: VectorSource<ArealFeature>, extent: readonly number[]): string[] {
  return source
    .getFeaturesInExtent([...extent])
    .filter((feature) => feature.getGeometry()?.intersectsExtent([...extent]))
    .map((feature) => String(feature.getId()));
}
