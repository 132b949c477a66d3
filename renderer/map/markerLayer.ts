import Feature from 'ol/Feature.js';
import Point from 'ol/geom/Point.js';
import VectorLayer from 'ol/layer/Vector.js';
import type OlMap from 'ol/Map.js';
import VectorSource from 'ol/source/Vector.js';
import type { Marker } from '../state/markers.svelte.ts';
import { markerStyle } from './markerStyles.ts';

/** Numbered places above everything else on the map. */
export function createMarkerLayer() {
  const source = new VectorSource<Feature<Point>>();
  let markers = new Map<string, Marker>();
  let current: string | null = null;
  const layer = new VectorLayer({
    source,
    zIndex: 120,
    style: (feature) => {
      const marker = markers.get(String(feature.getId()));
      return marker && markerStyle(marker.text, marker.color, marker.id === current);
    },
  });
  return {
    layer,
    set(list: readonly Marker[], chosen: string | null) {
      markers = new Map(list.map((m) => [m.id, m]));
      current = chosen;
      source.clear(true);
      source.addFeatures(
        list.map((m) => {
          const feature = new Feature(new Point([...m.at]));
          feature.setId(m.id);
          return feature;
        }),
      );
      layer.changed();
    },
    /** The marker under a place of the screen, or null. */
    at(map: OlMap, pixel: number[]): string | null {
      if (markers.size === 0) return null;
      const hit = map.forEachFeatureAtPixel(pixel, (feature) => feature.getId(), {
        layerFilter: (candidate) => candidate === layer,
        hitTolerance: 4,
      });
      return hit === undefined ? null : String(hit);
    },
  };
}
