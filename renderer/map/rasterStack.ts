import type BaseLayer from 'ol/layer/Base.js';
import type OlMap from 'ol/Map.js';
import type Projection from 'ol/proj/Projection.js';
import { clipAtSwipe } from './swipe.ts';

/** A raster layer the map is asked to show; layers are drawn in the order given. */
export interface RasterEntry {
  readonly id: string;
  readonly visible: boolean;
  readonly opacity: number;
  /** Cut off right of the swipe handle. */
  readonly swiped: boolean;
  create(projection: Projection): BaseLayer;
}

/** Keeps the raster layers of a map equal to a list; `swipe` is the share of the width left of the handle, or null. */
export function createRasterStack(map: OlMap, swipe: () => number | null) {
  const layers = new Map<string, BaseLayer>();
  const swiped = new Set<BaseLayer>();
  return {
    set(entries: readonly RasterEntry[], projection: Projection) {
      const wanted = new Set(entries.map((e) => e.id));
      for (const [id, layer] of layers) {
        if (wanted.has(id)) continue;
        map.removeLayer(layer);
        swiped.delete(layer);
        layer.dispose();
        layers.delete(id);
      }
      entries.forEach((entry, order) => {
        let layer = layers.get(entry.id);
        if (!layer) {
          layer = entry.create(projection);
          layers.set(entry.id, layer);
          map.addLayer(layer);
          const shown = layer;
          clipAtSwipe(map, shown, () => (swiped.has(shown) ? swipe() : null));
        }
        layer.setZIndex(order);
        layer.setVisible(entry.visible);
        layer.setOpacity(entry.opacity);
        if (entry.swiped) swiped.add(layer);
        else swiped.delete(layer);
      });
    },
  };
}
