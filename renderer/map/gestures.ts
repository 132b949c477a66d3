import Collection from 'ol/Collection.js';
import { altKeyOnly, noModifierKeys, singleClick } from 'ol/events/condition.js';
import type LineString from 'ol/geom/LineString.js';
import type Polygon from 'ol/geom/Polygon.js';
import Draw, { createBox } from 'ol/interaction/Draw.js';
import type Interaction from 'ol/interaction/Interaction.js';
import Modify from 'ol/interaction/Modify.js';
import Snap from 'ol/interaction/Snap.js';
import type OlMap from 'ol/Map.js';
import type VectorSource from 'ol/source/Vector.js';
import CircleStyle from 'ol/style/Circle.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import type { Areal } from '../../electron/contract/geometry.ts';
import type { Measured, Tool } from '../state/window.svelte.ts';
import { type ArealFeature, toAreal } from './arealFeatures.ts';
import { measure } from './measure.ts';

/** Above this, snapping to every corner makes drawing sluggish. */
const snapLimit = 3000;

export interface GestureHandlers {
  drawn(geometry: Areal): void;
  modified(id: string, geometry: Areal): void;
  measured(size: Measured): void;
}

const sketch = [
  new Style({ stroke: new Stroke({ color: 'rgba(10,20,15,0.7)', width: 4 }) }),
  new Style({
    fill: new Fill({ color: 'rgba(227,168,63,0.18)' }),
    stroke: new Stroke({ color: '#e3a83f', width: 2 }),
    image: new CircleStyle({
      radius: 5,
      fill: new Fill({ color: '#e3a83f' }),
      stroke: new Stroke({ color: '#12281f', width: 1.5 }),
    }),
  }),
];

/** The interactions that a tool needs, put on the map while it is in hand. */
export function createGestures(
  map: OlMap,
  target: () => VectorSource<ArealFeature>,
  handlers: GestureHandlers,
) {
  const editable = new Collection<ArealFeature>();
  let active: Interaction[] = [];
  let draw: Draw | null = null;
  /** What is being drawn, from its first corner to its last. */
  let begun: ArealFeature | null = null;
  let line: Draw | null = null;

  function put(interactions: Interaction[]) {
    for (const old of active) map.removeInteraction(old);
    for (const added of interactions) map.addInteraction(added);
    active = interactions;
  }

  function drawing(kind: 'rectangle' | 'polygon' | 'freehand'): Interaction[] {
    draw = new Draw({
      type: kind === 'rectangle' ? 'Circle' : 'Polygon',
      ...(kind === 'rectangle' ? { geometryFunction: createBox() } : {}),
      style: sketch,
      stopClick: true,
      condition: noModifierKeys,
      ...(kind === 'freehand' ? { freehand: true } : { freehandCondition: altKeyOnly }),
    });
    draw.on('drawstart', ({ feature }) => {
      begun = feature as ArealFeature;
    });
    draw.on('drawabort', () => {
      begun = null;
    });
    draw.on('drawend', ({ feature }) => {
      begun = null;
      const geometry = (feature as ArealFeature).getGeometry();
      if (!geometry || geometry.getArea() === 0) return;
      const { resolution = 1 } = map.getView().getState();
      // A hand draws a corner per screen pixel; the field does not have as many.
      const shape = kind === 'freehand' ? (geometry.simplify(resolution * 1.5) as Polygon) : geometry;
      if (shape.getArea() > 0) handlers.drawn(toAreal(shape));
    });
    const source = target();
    return source.getFeatures().length <= snapLimit
      ? [draw, new Snap({ source, pixelTolerance: 8 })]
      : [draw];
  }

  function measuring(): Interaction[] {
    line = new Draw({ type: 'LineString', style: sketch, stopClick: true, condition: noModifierKeys });
    draw = line;
    line.on('drawstart', ({ feature }) => {
      const geometry = feature.getGeometry() as LineString;
      geometry.on('change', () => handlers.measured(measure(geometry, map.getView().getProjection())));
    });
    return [line];
  }

  function editing(): Interaction[] {
    const modify = new Modify({
      features: editable,
      style: sketch,
      deleteCondition: (event) => altKeyOnly(event) && singleClick(event),
    });
    modify.on('modifyend', ({ features }) => {
      for (const feature of features.getArray() as ArealFeature[]) {
        const geometry = feature.getGeometry();
        if (geometry) handlers.modified(String(feature.getId()), toAreal(geometry));
      }
    });
    return [modify, new Snap({ features: editable, pixelTolerance: 8 })];
  }

  return {
    use(tool: Tool) {
      draw = null;
      begun = null;
      line = null;
      if (tool === 'rectangle' || tool === 'polygon' || tool === 'freehand') put(drawing(tool));
      else if (tool === 'measure') put(measuring());
      else put(tool === 'edit' ? editing() : []);
    },
    /** The features whose corners may be moved. */
    edit(features: readonly ArealFeature[]) {
      editable.clear();
      editable.extend([...features]);
    },
    removeLastPoint: () => draw?.removeLastPoint(),
    /** False when nothing had been begun. */
    abort(): boolean {
      const had = begun !== null;
      draw?.abortDrawing();
      return had;
    },
    /** Ends the polygon at its last corner, without a double click. False when there is nothing to end. */
    finish(): boolean {
      if (line) return line.finishDrawing() !== null;
      const ring = begun?.getGeometry()?.getCoordinates()[0];
      // The ring ends with the pointer and the first corner again; an area needs three corners before them.
      if (!ring || ring.length < 5) return begun !== null;
      draw?.finishDrawing();
      return true;
    },
    isDrawing: () => draw !== null,
  };
}
