import Feature from 'ol/Feature.js';
import MultiPolygon from 'ol/geom/MultiPolygon.js';
import Polygon from 'ol/geom/Polygon.js';
import type VectorSource from 'ol/source/Vector.js';
import type { Areal } from '../../electron/contract/geometry.ts';

export type ArealFeature = Feature<Polygon | MultiPolygon>;

export interface Shape {
  readonly id: string;
  readonly geometry: Areal;
}

export function toGeometry(areal: Areal): Polygon | MultiPolygon {
  return areal.type === 'Polygon' ? new Polygon(areal.coordinates) : new MultiPolygon(areal.coordinates);
}

export function toAreal(geometry: Polygon | MultiPolygon): Areal {
  return geometry instanceof Polygon
    ? { type: 'Polygon', coordinates: geometry.getCoordinates() }
    : { type: 'MultiPolygon', coordinates: geometry.getCoordinates() };
}

/**
 * Keeps a source equal to a list. Only what differs is touched: an object that is the same as last time costs one
 * comparison, so that painting one of thousands of fields repaints one feature.
 */
export function createFeatureSync<T extends Shape>(source: VectorSource<ArealFeature>) {
  const known = new Map<string, T>();
  return {
    get: (id: string) => known.get(id),
    sync(list: readonly T[]) {
      const fresh: ArealFeature[] = [];
      const ids = new Set<string>();
      for (const item of list) {
        ids.add(item.id);
        const before = known.get(item.id);
        if (before === item) continue;
        known.set(item.id, item);
        const feature = before && source.getFeatureById(item.id);
        if (!feature) {
          const added: ArealFeature = new Feature(toGeometry(item.geometry));
          added.setId(item.id);
          fresh.push(added);
        } else if (before.geometry === item.geometry) feature.changed();
        else feature.setGeometry(toGeometry(item.geometry));
      }
      for (const id of known.keys()) {
        if (ids.has(id)) continue;
        const feature = source.getFeatureById(id);
        if (feature) source.removeFeature(feature);
        known.delete(id);
      }
      source.addFeatures(fresh);
    },
  };
}
